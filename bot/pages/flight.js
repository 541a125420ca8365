/*
 * One request at a time, for the scripts of all pages, which it stands before: a slow answer is told
 * of, a failed one can be asked for again, and nothing that was shown or typed is lost meanwhile.
 */
const flight = (function () {
  "use strict";

  const PATIENCE = 400; // ms before "one moment": a quick answer should not flicker
  const LIMIT = 30000; // ms after which a request counts as failed
  let under = null; // the request under way

  /* The line at the foot of the page: "one moment", the failure, or nothing. */
  function say(id) {
    const status = document.getElementById("status");
    status.textContent = "";
    status.className = id || "";
    if (id) {
      status.appendChild(document.getElementById(id).content.cloneNode(true));
    }
  }

  /* Says that it did not come; *try again* does `again`. */
  function fail(again) {
    say("failed");
    document.querySelector("[data-retry]").onclick = again;
  }

  function land() {
    if (under) {
      clearTimeout(under.waiting);
      clearTimeout(under.limit);
      if (under.button) {
        under.button.classList.remove("pressed");
      }
      under = null;
    }
    say(null);
  }

  /* Calls off the request under way, if there is one. */
  function abort() {
    if (under) {
      under.control.abort();
    }
    land();
  }

  /*
   * Asks `address`, posting `fields` (null: just asking) for `button` (null: for none), and hands
   * the answered document to `arrive` if it has what `ours` selects.
   */
  function ask(address, fields, ours, button, arrive) {
    abort();
    const control = new AbortController();
    const mine = {
      button: button,
      control: control,
      waiting: setTimeout(function () { say("wait"); }, PATIENCE),
      limit: setTimeout(function () { control.abort(); }, LIMIT),
    };
    under = mine;
    if (button) {
      button.classList.add("pressed");
    }
    const options = {
      // There is no cookie, but "omit" would make the browser ignore Clear-Site-Data, and a proxy
      // in front may ask for a password.
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: control.signal,
    };
    if (fields) {
      options.method = "POST";
      options.body = new URLSearchParams(fields);
    }
    fetch(address, options)
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        const next = new DOMParser().parseFromString(text, "text/html");
        if (!next.querySelector(ours)) {
          throw new Error("not a page of ours"); // a hotel's log-in page, a proxy's error
        }
        if (under === mine) {
          land();
          arrive(next);
        }
      })
      .catch(function () {
        if (under === mine) {
          land();
          fail(function () { ask(address, fields, ours, button, arrive); });
        }
      });
  }

  return {
    able: Boolean(
      window.fetch && window.DOMParser && window.AbortController && window.URLSearchParams
    ),
    abort: abort,
    ask: ask,
    fail: fail,
    /* Whether a request is under way; with a button, whether it is that button's. */
    busy: function (button) {
      return Boolean(under) && (!button || under.button === button);
    },
  };
})();
