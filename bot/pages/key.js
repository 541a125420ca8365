/*
 * On the pages of study centres: takes the key from behind the "#", where no server sees it, clears
 * it from the address bar, and asks for the request. Without this script the key can be pasted.
 */
(function () {
  "use strict";

  // Whether there is a key, which then asks for its request. "#title" is where the skip link leads.
  const open = function () {
    const key = location.hash.slice(1);
    if (!key || document.getElementById(key) || !document.querySelector("[name=k]")) {
      return false;
    }
    history.replaceState(null, "", location.pathname + location.search);
    const form = document.createElement("form");
    form.method = "post";
    form.action = location.pathname;
    const fields = { k: key, lang: document.documentElement.lang };
    for (const name of Object.keys(fields)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = fields[name];
      form.append(field);
    }
    document.body.append(form);
    form.submit();
    return true;
  };

  // Another link that is opened in the same tab loads nothing anew.
  window.addEventListener("hashchange", open);

  document.addEventListener("DOMContentLoaded", function () {
    if (open()) {
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
