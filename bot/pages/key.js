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

  const PATIENCE = 400; // ms before "one moment": a quick answer should not flicker
  const LIMIT = 30000; // ms after which a request counts as failed

  if (!window.fetch || !window.DOMParser || !window.AbortController || !window.URLSearchParams) {
    return;
  }
  const root = document.documentElement;
  const pages = new Map(); // index of a history entry -> the page that stands there
  let now = 0; // the index on show
  let flight = null; // the request under way
  let pressed = null; // the button pressed last, for browsers that do not name the submitter

  function here() {
    return typeof history.state === "number" ? history.state : null;
  }

  /* The line at the foot of the page: "one moment", the failure, or nothing. */
  function say(id) {
    const status = document.getElementById("status");
    status.textContent = "";
    status.className = id || "";
    if (id) {
      status.appendChild(document.getElementById(id).content.cloneNode(true));
    }
  }

  function land() {
    if (flight) {
      clearTimeout(flight.waiting);
      clearTimeout(flight.limit);
      if (flight.button) {
        flight.button.classList.remove("pressed");
      }
      flight = null;
    }
    say(null);
  }

  function count() {
    const text = document.querySelector("textarea[data-limit]");
    const shown = document.getElementById("count");
    if (text && shown) {
      const limit = Number(text.dataset.limit);
      const used = Array.from(text.value.trim()).length;
      const figures = new Intl.NumberFormat(root.lang);
      shown.textContent = figures.format(used) + " / " + figures.format(limit);
      shown.classList.toggle("over", used > limit);
    }
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
    count();
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

  /* Post `fields` to `address` and hand the answered document to `arrive`. */
  function post(address, fields, button, arrive) {
    const control = new AbortController();
    const mine = {
      button: button,
      control: control,
      waiting: setTimeout(function () { say("wait"); }, PATIENCE),
      limit: setTimeout(function () { control.abort(); }, LIMIT),
    };
    flight = mine;
    say(null);
    if (button) {
      button.classList.add("pressed");
    }
    fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      credentials: "same-origin", // no cookie, but a proxy in front may ask for a password
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: control.signal,
    })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        const next = new DOMParser().parseFromString(text, "text/html");
        if (!next.querySelector("#page main[data-sheet]")) {
          throw new Error("not a page of ours"); // a hotel's log-in page, a proxy's error
        }
        if (flight === mine) {
          land();
          arrive(next);
        }
      })
      .catch(function () {
        if (flight === mine) {
          land();
          say("failed");
          document.querySelector("[data-retry]").onclick = function () {
            post(address, fields, button, arrive);
          };
        }
      });
  }

  function submit(form, button) {
    const fields = Array.from(new FormData(form).entries());
    if (button && button.name) {
      fields.push([button.name, button.value]);
    }
    post(form.getAttribute("action"), fields, button, function (next) {
      if (next.querySelector("main[data-over]")) {
        pages.clear();
      }
      forget(now);
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
    history.replaceState(index, "", location.pathname + location.search);
    const address = location.pathname + "?lang=" + root.lang;
    post(address, [["k", key]], null, function (next) {
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
    event.preventDefault();
    if (!flight) {
      submit(event.target, event.submitter || pressed);
    }
  });

  document.addEventListener("input", count);

  // Another link that is opened in the same tab loads nothing anew, but makes a history entry.
  window.addEventListener("hashchange", function () {
    if (here() === null) {
      if (flight) {
        flight.control.abort();
        land();
      }
      open(now + 1);
    }
  });

  window.addEventListener("popstate", function () {
    const index = here();
    if (index === null) {
      return;
    }
    if (flight) {
      flight.control.abort();
      land();
    }
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
      count();
    }
  });
})();
