// Keys, pickers, names and swaps; `chart.js` goes before it in one script. Every page reads and works without it.

const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

const closePickers = (except) => {
  for (const picker of document.querySelectorAll("details.picker[open]")) {
    if (picker !== except) picker.open = false;
  }
};

// How far each key goes in a chart.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

// After `g`, the next letter goes to the link that carries it in `data-key`.
let isGoing = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hideTips();
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
  } else if (event.key in STEPS) {
    const frame = event.target.closest?.("[data-chart]");
    if (frame) {
      event.preventDefault();
      step(frame, STEPS[event.key]);
    }
  } else if (event.key === "Enter" && event.target.matches("[data-chart]")) {
    follow(event.target);
  }
});

// A choice in the filter is applied at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("form.filter select")) event.target.form.requestSubmit();
});

// What was left empty is not asked for, so that it does not stand in the address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const name of new Set(event.formData.keys())) {
    const values = event.formData.getAll(name).filter((value) => value !== "");
    event.formData.delete(name);
    for (const value of values) event.formData.append(name, value);
  }
});

// After something was saved, the focus is where it was: at the form that was sent. Whoever asked for the first
// data on another page wants to see it, if it is here by now.
document.addEventListener("submit", ({ target: form, submitter }) => {
  const sent = [location.pathname, [...document.forms].indexOf(form), submitter?.name, submitter?.value];
  if (form.method === "post") sessionStorage.setItem("sent", JSON.stringify(sent));
});

const focusAgain = () => {
  const [path, place, name, value] = JSON.parse(sessionStorage.getItem("sent") ?? "[]");
  sessionStorage.removeItem("sent");
  const first = document.querySelector("[data-in-step]")?.dataset.first;
  if (first && path && path !== location.pathname) return location.assign(first);
  const named = location.hash && document.getElementById(location.hash.slice(1))?.closest("section");
  const inputs = "input:not([type=hidden]):not([disabled])";
  if (document.querySelector("[autofocus]")) return;
  let target = null;
  if (path === location.pathname) {
    const buttons = [...(document.forms[place]?.querySelectorAll("button[type=submit]") ?? [])];
    target = buttons.find((button) => button.name === name && button.value === value) ?? buttons[0];
  } else if (named && !named.contains(document.activeElement)) target = named.querySelector(inputs);
  const focus = () => target?.focus({ preventScroll: true });
  focus();
  // On its way to what follows `#`, a browser takes the focus away once the page is drawn.
  const isLost = () => document.activeElement === document.body;
  if (location.hash) requestAnimationFrame(() => requestAnimationFrame(() => isLost() && focus()));
};

// A name is checked while it is typed; what counts is what the server says when it is sent.
const CHECK_MS = 200;
let checking = 0;

const tell = (field, problem) => {
  const id = field.dataset.why;
  let why = document.getElementById(id);
  if (!why) {
    why = Object.assign(document.createElement("p"), { id, className: "wrong", role: "status" });
    field.closest("label").after(why);
  }
  why.textContent = problem ?? "";
  why.hidden = !problem;
  if (problem) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", id);
};

document.addEventListener("input", ({ target: field }) => {
  if (!field.matches("input[data-check]")) return;
  clearTimeout(checking);
  checking = setTimeout(async () => {
    const typed = field.value;
    const answer = await fetch(field.dataset.check + encodeURIComponent(typed)).catch(() => null);
    if (answer?.ok && field.value === typed) tell(field, (await answer.json()).problem);
  }, CHECK_MS);
});

// Swaps: a link or form marked `data-swap` leads to another state of the same page, so only its main part
// is exchanged. Whatever goes wrong, the browser goes there in the usual way.
const address = () => location.pathname + location.search;
let shown = address();
let swapping = null;

const swap = async (url, isNew) => {
  swapping?.abort();
  swapping = new AbortController();
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  const focused = document.activeElement?.closest("[data-swap]")?.textContent;
  try {
    const answer = await fetch(url, { signal: swapping.signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("main");
    if (!answer.ok || !fresh) throw new Error(answer.statusText);
    if (isNew) history.pushState(null, "", url);
    document.title = page.title;
    main.replaceWith(fresh);
    shown = address();
    const again = [...fresh.querySelectorAll("[data-swap]")].find((part) => part.textContent === focused);
    if (focused) (again ?? fresh).focus({ preventScroll: true });
    ready();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
};

document.addEventListener("click", (event) => {
  closePickers(event.target.closest("details.picker"));
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swap(link.href, true);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(form)).toString();
  swap(asked ? `${form.action}?${asked}` : form.action, true);
});

// A link within the page changes only what follows `#`: there is nothing to fetch.
addEventListener("popstate", () => {
  if (address() !== shown) swap(location.href, false);
});

// A running sync: its bar is asked for anew each second, and the page once it is done.
let polling = null;

const poll = async () => {
  const bar = document.querySelector("[data-poll]");
  if (!bar) return;
  let fresh = bar;
  try {
    const answer = await fetch(bar.dataset.poll, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) fresh = page.querySelector("[data-poll]");
  } catch {
    // The server is away for a moment.
  }
  if (!fresh) {
    bar.remove();
    const first = document.querySelector("[data-first]")?.dataset.first;
    await swap(location.href, false);
    // Whoever waited for the first data wants to see it.
    if (first && document.querySelector("[data-in-step]")) location.assign(first);
  } else if (fresh !== bar) {
    const [text, length] = [bar.querySelector("p"), bar.querySelector("progress")];
    text.replaceChildren(...fresh.querySelector("p").childNodes);
    length.value = fresh.querySelector("progress").value;
  }
  polling = setTimeout(poll, 1000);
};

const ready = () => {
  clearTimeout(polling);
  polling = setTimeout(poll, 1000);
  for (const frame of document.querySelectorAll("[data-chart]")) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    const leads = frame.querySelector("[data-link]") ? ", Enter opens the issues behind them" : "";
    frame.setAttribute("aria-label", `Chart; arrow keys walk through its values${leads}`);
    frame.addEventListener("pointermove", point);
    frame.addEventListener("pointerdown", point);
    frame.addEventListener("click", (event) => {
      if (event.target.closest(".hits") && frame.dataset.follows === "true") follow(frame);
    });
    frame.addEventListener("pointerleave", (event) => event.pointerType === "touch" || hide(frame));
    frame.addEventListener("blur", () => hide(frame));
  }
  const tabs = document.querySelector(".tabs");
  const tab = tabs?.querySelector("[aria-current]");
  if (tab) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
};

// A finger leaves no hover behind: a tap elsewhere puts the values away.
document.addEventListener("pointerdown", (event) => hideTips(event.target.closest("[data-chart]")));

ready();
focusAgain();
