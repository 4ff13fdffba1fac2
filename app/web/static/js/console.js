// Keyboard shortcuts, kept typing, and lists that refresh without taking the focus. Everything works without it too.
"use strict";

const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

function toggleShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

let afterG = 0;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-main]") || undefined);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") {
    toggleShortcuts();
  } else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "g") {
    afterG = Date.now();
    return;
  } else if (Date.now() - afterG < 1500) {
    const link = document.querySelector(`.nav a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
  }
  afterG = 0;
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-open="shortcuts"]')) toggleShortcuts();
  const menu = document.querySelector(".me[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});

// Asks before something is thrown away for good, and sends no form twice, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target, question = event.submitter?.dataset.sure || form.dataset.sure;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent || (question && !window.confirm(question))) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
}, true);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// After an error the first field that is wrong has the focus.
document.querySelector("main [aria-invalid=true], main fieldset[aria-describedby] input")?.focus();

// What is typed into a form with data-keep goes to the server a moment after the last key, and when the page is left.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const note = form.querySelector("[data-kept]");
  let timer = 0;
  let dirty = false;
  const keep = async () => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      if (note) note.textContent = note.dataset.kept;
    } catch (error) {
      dirty = true;
      const ended = ["400", "401"].includes(error.message);
      if (!ended) timer = setTimeout(keep, 4000);
      if (note) note.textContent = ended ? note.dataset.ended : note.dataset.unkept;
    }
  };
  const soon = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    dirty = false;
    clearTimeout(timer);
  });
  // The one kind of request that browsers carry to its end while a page is being left.
  const leave = () => {
    if (dirty && navigator.sendBeacon(form.dataset.keep, new FormData(form))) dirty = false;
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
  window.addEventListener("pagehide", leave);
}

// A part that refreshes by itself waits while somebody types in it or has typed; what is folded open stays open.
const written = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.matches("[data-live]") && (part.contains(document.activeElement) && typing(document.activeElement) || written(part))) {
    event.preventDefault();
  }
});

let unfolded = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map((part) => part.id);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  pop();
});

// A ringing phone opens the page of its caller once, unless something is being written.
function pop() {
  const call = document.querySelector("[data-call]");
  if (!call || sessionStorage.getItem("popped") === call.dataset.call) return;
  if (call.dataset.pop && (document.querySelector("form[data-keep], form[novalidate]") || typing(document.activeElement))) return;
  sessionStorage.setItem("popped", call.dataset.call);
  if (call.dataset.pop) window.location.assign(call.dataset.pop);
}
pop();

// A session that ended while a list was refreshing: say so by going to the sign-in page, once nothing is being typed.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401 || typing(document.activeElement) || document.querySelector("form[data-keep]")) return;
  window.location.reload();
});
