/*
 * How much was typed, for the scripts of all pages where somebody writes: in characters as people
 * count them, without blanks at the ends. Too much is told, and nothing is cut off.
 */
const count = (function () {
  "use strict";

  function field() {
    return document.querySelector("textarea[data-limit]");
  }

  function used(text) {
    return Array.from(text.value.trim()).length;
  }

  /* Whether the text on show is too long. */
  function over() {
    const text = field();
    return Boolean(text) && used(text) > Number(text.dataset.limit);
  }

  /* Writes the count below the text on show, if there is one. */
  function show() {
    const text = field();
    const shown = document.getElementById("count");
    if (!text || !shown) {
      return;
    }
    const figures = new Intl.NumberFormat(document.documentElement.lang);
    shown.textContent =
      figures.format(used(text)) + " / " + figures.format(Number(text.dataset.limit));
    shown.classList.toggle("over", over());
    const long = document.getElementById("long");
    if (long) {
      long.hidden = !over();
    }
  }

  document.addEventListener("input", show);
  return { over: over, show: show };
})();
