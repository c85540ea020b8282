// Keys and pickers. Every page reads and works without this file.
"use strict";

const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

const closePickers = (except) => {
  for (const picker of document.querySelectorAll("details.picker[open]")) {
    if (picker !== except) picker.open = false;
  }
};

// After `g`, the next letter goes to the link that carries it in `data-key`.
let isGoing = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.picker[open]");
    closePickers(null);
    open?.querySelector("summary").focus();
    return;
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isGoing) {
    isGoing = false;
    document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "g") {
    isGoing = true;
  } else if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "?") {
    document.getElementById("keys").showModal();
  }
});

document.addEventListener("click", (event) => closePickers(event.target.closest("details.picker")));

// A choice in the filter is applied at once.
for (const select of document.querySelectorAll("form.filter select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
