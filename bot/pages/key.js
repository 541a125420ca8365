/*
 * On the pages of study centres: takes the key from behind the "#", where no server sees it, clears
 * it from the address bar, and asks for the request. Without this script the key can be pasted.
 */
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    const form = document.getElementById("key");
    const key = location.hash.slice(1);
    if (form && key) {
      history.replaceState(null, "", location.pathname + location.search);
      form.elements.k.value = key;
      form.submit();
      return;
    }
    const text = document.querySelector("textarea[data-limit]");
    const count = document.getElementById("count");
    if (text && count) {
      const limit = Number(text.dataset.limit);
      const show = function () {
        const used = Array.from(text.value.trim()).length;
        count.textContent = used + " / " + limit;
        count.classList.toggle("over", used > limit);
      };
      text.addEventListener("input", show);
      show();
    }
  });
})();
