/*
 * The web page works without this script. With it, screens change without a page load, the
 * browser's Back and Forward move one screen, and a reload or a tab that the phone threw away
 * comes back to the same screen.
 *
 * What it keeps: in this tab's sessionStorage, for each entry of the tab's history, the page's
 * secret and the sealed token that draws the screen again. A history entry holds only an index.
 * Erasing the conversation empties both, and her notes, which are in memory alone.
 *
 * A conversation that comes from a chat stands behind the "#" of the page that asks for its key; it
 * leaves the address as soon as its first screen is there.
 */
(function () {
  "use strict";

  const STORE = "passerelle";

  if (!flight.able) {
    return;
  }
  const root = document.documentElement;
  let kept = { now: -1, pages: {} }; // the index on show; index -> [secret, token]
  let pressed = null; // the button pressed last, for browsers that do not name the submitter
  let ready = false;

  function load() {
    try {
      kept = JSON.parse(sessionStorage.getItem(STORE)) || { now: -1, pages: {} };
    } catch (refused) {
      // No storage in this browser: memory serves until the page is left.
    }
  }

  function save() {
    try {
      sessionStorage.setItem(STORE, JSON.stringify(kept));
    } catch (refused) {
      // As above.
    }
  }

  function forgetAfter(index) {
    Object.keys(kept.pages).forEach(function (key) {
      if (Number(key) > index) {
        delete kept.pages[key];
      }
    });
  }

  /* What must be remembered of the screen in `page`, a document. */
  function read(page) {
    const main = page.querySelector("main");
    return {
      entry: [page.querySelector("input[name=s]").value, main.dataset.here],
      erased: "erased" in main.dataset,
    };
  }

  function keep(index, screen) {
    if (screen.erased) {
      kept.pages = {};
      notes.forget();
    }
    kept.pages[index] = screen.entry;
    kept.now = index;
    save();
  }

  function same(one, other) {
    return Boolean(one && other) && one[0] === other[0] && one[1] === other[1];
  }

  function here() {
    return typeof history.state === "number" ? history.state : null;
  }

  function draw(next) {
    root.lang = next.documentElement.lang;
    document.title = next.title;
    document.getElementById("page").replaceWith(next.getElementById("page"));
    root.classList.remove("restoring");
    notes.show();
    count.show();
    window.scrollTo(0, 0);
    document.getElementById("title").focus({ preventScroll: true });
  }

  /* Post `entry` (null: ask for a fresh page) and hand the answered document to `arrive`. */
  function ask(entry, button, arrive) {
    const address = document.getElementById("screen").getAttribute("action");
    const fields = entry && [["s", entry[0]], ["t", entry[1]]];
    flight.ask(address, fields, "#page main[data-here]", button, arrive);
  }

  function press(button) {
    const secret = document.querySelector("input[name=s]").value;
    ask([secret, button.value], button, function (next) {
      const screen = read(next);
      const again = same(kept.pages[kept.now], screen.entry);
      const index = again ? kept.now : kept.now + 1;
      if (again) {
        history.replaceState(index, "");
      } else {
        history.pushState(index, "");
        forgetAfter(kept.now);
      }
      keep(index, screen);
      draw(next);
    });
  }

  /* Draw the screen of history entry `index`; after an erasure there is none, so a fresh one. */
  function show(index) {
    ask(kept.pages[index] || null, null, function (next) {
      keep(index, read(next));
      draw(next);
    });
  }

  /* Draw the conversation that `key` opens, on the page that asks for one. */
  function arrive(form, key, button) {
    flight.ask(form.getAttribute("action"), [["k", key]], "#page main[data-here]", button,
      function (next) {
        const index = kept.now + 1;
        forgetAfter(kept.now);
        history.replaceState(index, "", next.getElementById("screen").getAttribute("action"));
        keep(index, read(next));
        draw(next);
      });
  }

  /* Whether a key stands behind the "#", which then opens by itself; "#title" is a place. */
  function follow() {
    const form = document.querySelector("form[data-arrive]");
    const key = location.hash.slice(1);
    if (form && key && !document.getElementById(key)) {
      arrive(form, key, null);
    }
    return Boolean(form);
  }

  /* What makes a link for somebody she trusts is loaded when it is asked for. */
  function share(button) {
    if (typeof sharing !== "undefined") {
      sharing.make(button);
      return;
    }
    const script = document.createElement("script");
    script.src = button.dataset.script;
    script.onload = function () {
      if (typeof sharing === "undefined") { // too old to read it
        const place = document.getElementById("told");
        place.textContent = "";
        place.appendChild(document.getElementById("unable").content.cloneNode(true));
      } else {
        sharing.make(button);
      }
    };
    script.onerror = function () {
      flight.fail(function () { share(button); });
    };
    document.head.appendChild(script);
  }

  function copy(button) {
    const quote = button.parentNode.querySelector("blockquote");
    const range = document.createRange();
    range.selectNodeContents(quote);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const done = function () {
      button.textContent = button.dataset.copy;
      button.setAttribute("aria-live", "polite");
    };
    // Without a clipboard the text stays selected, ready for the phone's own "copy".
    if (navigator.clipboard) {
      navigator.clipboard.writeText(quote.textContent).then(done, function () {});
    } else if (document.execCommand("copy")) {
      done();
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button, a");
    pressed = button;
    if (!button) {
      return;
    }
    if (button.matches(".skip")) {
      event.preventDefault(); // a jump to #title would add a history entry without an index
      document.getElementById("title").focus();
    } else if (button.matches("[data-copy]")) {
      copy(button);
    } else if (button.matches("[data-print]")) {
      window.print();
    } else if (button.matches("[data-share]")) {
      share(button);
    }
  });

  document.addEventListener("submit", function (event) {
    const button = event.submitter || pressed;
    if (event.target.matches("[data-arrive]")) {
      event.preventDefault();
      if (!flight.busy()) {
        arrive(event.target, new FormData(event.target).get("k"), button);
      }
      return;
    }
    if (!ready || !button || button.name !== "t") {
      return;
    }
    event.preventDefault();
    if (!flight.busy(button)) {
      press(button);
    }
  });

  window.addEventListener("popstate", function () {
    if (here() !== null) {
      show(here());
    }
  });

  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) {
      return;
    }
    // The browser kept this page whole while she was elsewhere in the same tab, where she may
    // have erased the conversation.
    load();
    flight.abort();
    if (!document.getElementById("screen")) {
      return;
    }
    if (same(kept.pages[here()], read(document).entry)) {
      kept.now = here();
      save();
    } else {
      notes.forget();
      show(here());
    }
  });

  // Another link that is opened where one has failed loads nothing anew.
  window.addEventListener("hashchange", follow);

  load();
  history.scrollRestoration = "manual";
  root.classList.add("js");
  const restoring = here() !== null && Boolean(kept.pages[here()]);
  if (restoring) {
    root.classList.add("restoring");
  }

  document.addEventListener("DOMContentLoaded", function () {
    ready = true;
    if (follow()) {
      return;
    }
    if (restoring) {
      show(here());
      return;
    }
    const index = here() === null ? kept.now + 1 : here();
    forgetAfter(kept.now);
    history.replaceState(index, "");
    keep(index, read(document));
    notes.show();
    count.show();
  });
})();
