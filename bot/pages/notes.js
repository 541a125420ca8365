/*
 * Her own notes on the summary. They are kept in this variable alone, so that Back, Forward and the
 * other language find them again; they are never sent, and in no storage and no history. On paper
 * they are plain text, as a field would show the lines that fit.
 */
const notes = (function () {
  "use strict";

  let kept = ""; // what she wrote

  function field() {
    return document.getElementById("note");
  }

  function mirror() {
    document.getElementById("paper").textContent = kept;
    document.querySelector(".own").classList.toggle("blank", !kept.trim());
  }

  /* Fills the field of the screen that has just come; what the screen itself brings comes first. */
  function show() {
    if (field()) {
      kept = field().defaultValue || kept;
      field().value = kept;
      mirror();
    }
  }

  document.addEventListener("input", function (event) {
    if (event.target === field()) {
      kept = field().value;
      mirror();
    }
  });

  return {
    forget: function () { kept = ""; },
    show: show,
    /* What is in the field. */
    text: function () { return kept.trim(); },
  };
})();
