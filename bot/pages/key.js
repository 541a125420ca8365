/*
 * The pages beside the conversation work without this script. With it, the key behind the "#" of a
 * link opens its request by itself: it is taken out of the address bar, and no server log sees it.
 * Pages change without a page load, and the browser's Back and Forward move one page.
 *
 * What it keeps: the pages that were shown, with what was typed into them, in memory only. A history
 * entry holds only an index. A page that says that all is over empties the memory.
 */
(function () {
  "use strict";

  const OURS = "#page main[data-sheet]";

  if (!flight.able) {
    return;
  }
  const root = document.documentElement;
  const pages = new Map(); // index of a history entry -> the page that stands there
  let now = 0; // the index on show
  let pressed = null; // the button pressed last, for browsers that do not name the submitter

  function here() {
    return typeof history.state === "number" ? history.state : null;
  }

  /* The address without a key behind "#", which no history may keep. */
  function plain() {
    return location.pathname + location.search;
  }

  function read(page) {
    return {
      node: page.getElementById("page"),
      lang: page.documentElement.lang,
      title: page.title,
    };
  }

  function draw(index, page) {
    now = index;
    pages.set(index, page);
    root.lang = page.lang;
    document.title = page.title;
    document.getElementById("page").replaceWith(page.node);
    count.show();
    window.scrollTo(0, 0);
    document.getElementById("title").focus({ preventScroll: true });
  }

  function forget(after) {
    Array.from(pages.keys()).forEach(function (index) {
      if (index > after) {
        pages.delete(index);
      }
    });
  }

  function submit(form, button) {
    const fields = Array.from(new FormData(form).entries());
    if (button && button.name) {
      fields.push([button.name, button.value]);
    }
    flight.ask(form.getAttribute("action"), fields, OURS, button, function (next) {
      if (next.querySelector("main[data-over]")) {
        pages.clear();
      }
      forget(now);
      if (location.hash) {
        history.replaceState(now, "", plain());
      }
      history.pushState(now + 1, "");
      draw(now + 1, read(next));
    });
  }

  /*
   * Whether there is a key, which then asks for what it opens, in the history entry `index`.
   * "#title" is where the skip link leads.
   */
  function open(index) {
    const key = location.hash.slice(1);
    if (!key || document.getElementById(key) || !document.querySelector("[name=k]")) {
      return false;
    }
    const address = location.pathname + "?lang=" + root.lang;
    flight.ask(address, [["k", key]], OURS, null, function (next) {
      // Not before: after a failure a reload, too, has to find the key.
      history.replaceState(index, "", plain());
      forget(index - 1);
      draw(index, read(next));
    });
    return true;
  }

  document.addEventListener("click", function (event) {
    pressed = event.target.closest("button, a");
    if (pressed && pressed.matches(".skip")) {
      event.preventDefault(); // a jump to #title would add a history entry without an index
      document.getElementById("title").focus();
    }
  });

  document.addEventListener("submit", function (event) {
    if (event.target.matches("[data-file]")) {
      return; // the browser keeps what it answers
    }
    event.preventDefault();
    if (!flight.busy()) {
      submit(event.target, event.submitter || pressed);
    }
  });

  // Another link that is opened in the same tab loads nothing anew, but makes a history entry.
  window.addEventListener("hashchange", function () {
    if (here() === null) {
      flight.abort();
      open(now + 1);
    }
  });

  window.addEventListener("popstate", function () {
    const index = here();
    if (index === null) {
      return;
    }
    flight.abort();
    if (pages.has(index)) {
      draw(index, pages.get(index));
    } else {
      location.reload(); // a page of before a reload: its address shows the page that asks
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    now = here() === null ? 0 : here();
    pages.set(now, read(document));
    if (!open(now)) {
      history.replaceState(now, "");
      count.show();
    }
  });
})();
