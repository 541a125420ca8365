/*
 * Opens what somebody shared. The sealed part of the link, behind the "#", is posted, so that the
 * server can take its own lock off; the six words open the rest here, and go nowhere. What was
 * shared is only ever put on the page as text.
 *
 * The link leaves the address when it has been opened; the entry of the history keeps its sealed
 * part, so that a reload asks for the words again. Words and text are in memory alone.
 */
(function () {
  "use strict";

  const OURS = "#page main[data-sheet]";
  const root = document.documentElement;
  let opened = null; // what was shared, once it is open
  let working = false;

  function closed() {
    const behind = location.hash.slice(1);
    if (behind && !document.getElementById(behind)) {
      return behind;
    }
    return (history.state && history.state.closed) || "";
  }

  /* Says what one of the page's templates says; older browsers, too, have to be told. */
  function tell(id) {
    const told = document.getElementById("told");
    told.textContent = "";
    told.appendChild(document.getElementById(id).content.cloneNode(true));
    return told;
  }

  /* `text` as a new element; nothing that was shared is ever taken for markup. */
  function element(name, text, kind) {
    const one = document.createElement(name);
    one.textContent = text;
    one.className = kind || "";
    return one;
  }

  function listed(list, text, detail) {
    const item = element("li", text);
    if (detail) {
      item.append(element("span", detail, "detail"));
    }
    list.append(item);
  }

  function answered(list, text, detail) {
    const row = document.createElement("div");
    row.append(element("dt", text), element("dd", detail || "–"));
    list.append(row);
  }

  /* The list of this kind that `view` ends with, or a new one. */
  function open(view, name, kind) {
    const last = view.lastElementChild;
    if (last && last.localName === name && last.className === kind) {
      return last;
    }
    view.append(element(name, "", kind));
    return view.lastElementChild;
  }

  function add(view, kind, text, detail) {
    if (kind === "answer") {
      answered(open(view, "dl", ""), text, detail);
    } else if (kind === "item") {
      listed(open(view, "ul", "items"), text, detail);
    } else if (kind === "link" || kind === "qr") {
      listed(open(view, "ul", "links"), text, detail);
    } else if (kind === "heading") {
      view.append(element("h2", text));
    } else if (kind === "note") {
      view.append(element("p", text, "note"));
    } else if (kind === "copy" || kind === "quote") {
      view.append(element("blockquote", text, "words"));
    } else {
      view.append(element("p", text));
    }
  }

  function show() {
    const main = document.querySelector("main");
    main.replaceChildren(document.getElementById("shown").content.cloneNode(true));
    document.getElementById("title").textContent = opened.title;
    const view = document.getElementById("view");
    opened.blocks.forEach(function (block) { add(view, ...block); });
    document.getElementById("own").textContent = opened.notes;
    document.getElementById("owned").hidden = !opened.notes;
    [view, document.getElementById("title"), document.getElementById("own")].forEach(
      function (one) { one.lang = opened.lang; });
    window.scrollTo(0, 0);
    document.getElementById("title").focus({ preventScroll: true });
  }

  function draw(next) {
    root.lang = next.documentElement.lang;
    document.title = next.title;
    document.getElementById("page").replaceWith(next.getElementById("page"));
    window.scrollTo(0, 0);
    if (opened && document.getElementById("shown")) {
      show();
      return;
    }
    document.getElementById("title").focus({ preventScroll: true });
    if (document.getElementById("bare")) {
      tell("bare"); // the other language of the page that has no link
    }
  }

  async function unlock(form) {
    const spoken = seal.words(document.getElementById("words").value);
    if (spoken.length !== Number(form.dataset.six)) {
      tell("number").querySelector("[data-number]").textContent = String(spoken.length);
      return;
    }
    const bar = tell("working").querySelector("progress");
    const found = await seal.open(spoken, form.dataset.sealed, function (part) {
      bar.value = part;
    });
    if (!bar.isConnected) {
      return;
    }
    if (found === null) {
      tell("wrong");
      document.getElementById("words").focus();
      return;
    }
    opened = found;
    show();
    // Not before: until then a reload, too, has to find the link.
    history.replaceState({ closed: closed() }, "", location.pathname + location.search);
  }

  /* Asks the server for what the link holds; without a link, says so. */
  function begin() {
    opened = null;
    const blob = closed();
    if (!flight.able || !seal.able()) {
      tell("unable");
    } else if (blob) {
      flight.ask(location.pathname + "?lang=" + root.lang, [["b", blob]], OURS, null, draw);
    } else {
      tell("bare");
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button, a");
    if (button && button.matches(".skip")) {
      event.preventDefault(); // a jump to #title would put itself in the place of the link
      document.getElementById("title").focus();
    } else if (button && button.matches("[data-print]")) {
      window.print();
    }
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    const button = event.submitter;
    event.preventDefault();
    if (form.id === "open") {
      if (!working) {
        working = true;
        unlock(form)
          .catch(function () { tell("broken"); })
          .finally(function () { working = false; });
      }
    } else if (button && !flight.busy()) {
      const fields = Array.from(new FormData(form).entries());
      fields.push([button.name, button.value]);
      flight.ask(form.getAttribute("action"), fields, OURS, button, draw);
    }
  });

  // Another link that is opened in the same tab loads nothing anew.
  window.addEventListener("popstate", begin);

  root.classList.add("js");
  begin();
})();
