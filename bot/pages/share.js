/*
 * Makes a link for somebody she trusts, on the summary: what she sees there and her notes, sealed in
 * this browser under six words. The server gets the sealed bytes only, and gives the link back.
 * Nothing of it is kept: link and words stand on the screen until it goes.
 */
const sharing = (function () {
  "use strict";

  let making = false;

  function panel() {
    return document.getElementById("shares");
  }

  /* Says what one of the page's templates says; older browsers, too, have to be told. */
  function tell(id) {
    const said = document.getElementById("told");
    said.textContent = "";
    if (id) {
      said.appendChild(document.getElementById(id).content.cloneNode(true));
    }
    panel().textContent = "";
    return said;
  }

  async function listed(button) {
    const answer = await fetch(button.dataset.words, { referrerPolicy: "no-referrer" });
    if (!answer.ok) {
      throw new Error("no words");
    }
    return (await answer.text()).split("\n");
  }

  /* Shows what the server answered, and beside the link the words that it never saw. */
  function show(next, words) {
    tell(null);
    panel().replaceChildren(...next.getElementById("made").childNodes);
    const six = panel().querySelector("[data-six]");
    if (six) {
      words.forEach(function (word) {
        const one = document.createElement("span");
        one.textContent = word;
        six.append(one, " ");
      });
      six.lastChild.remove();
    }
    const send = panel().querySelector("[data-send]");
    if (send && navigator.share) {
      send.hidden = false;
      send.onclick = function () {
        // The link alone: what leads to it must not travel beside the words.
        navigator.share({ url: send.dataset.send }).catch(function () {});
      };
    }
    panel().querySelector("h3").focus();
  }

  async function work(button) {
    const bar = tell("making").querySelector("progress");
    const words = seal.draw(await listed(button), Number(button.dataset.six));
    const value = JSON.parse(button.dataset.view);
    value.notes = notes.text();
    const sealed = await seal.close(words, value, function (part) { bar.value = part; });
    if (!bar.isConnected) {
      return; // she has gone on meanwhile, or erased
    }
    flight.ask(button.dataset.share, [["b", sealed]], "#page main #made", button, function (next) {
      show(next, words);
    });
  }

  /* What a press of `button` does. */
  function make(button) {
    if (making) {
      return;
    }
    if (count.over()) {
      document.getElementById("note").focus();
      return;
    }
    if (!seal.able()) {
      tell("unable");
      return;
    }
    making = true;
    work(button)
      .catch(function () { flight.fail(function () { make(button); }); })
      .finally(function () { making = false; });
  }

  return { make: make };
})();
