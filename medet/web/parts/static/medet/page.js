// Small manners of every page: the title counts, lists keep their place, menus close, faults get the focus.
const title = document.title;
const places = new Map();
let unfolded = [];
let urgent = -1;

function count() {
  const list = document.querySelector("[data-urgent]");
  if (!list) return;
  const now = Number(list.dataset.urgent);
  document.title = now ? `(${now}) ${title}` : title;
  // Said only when it grows: a list that gets shorter is no alarm.
  if (urgent >= 0 && now > urgent) toast(list.dataset.urgentWords.replace("{n}", now));
  urgent = now;
}

function toast(text) {
  const box = document.createElement("p");
  box.className = "card";
  box.textContent = text;
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), 8_000);
}

// Who chose their name on a locked telephone types at once; by arrow keys the focus stays among the names.
document.addEventListener("click", (event) => {
  const chosen = event.detail > 0 && event.target.closest(".locked .choices label");
  if (chosen) chosen.closest("form").elements.pin.focus();
});
const focusFault = () => document.querySelector("[data-focus]")?.focus();

document.body.addEventListener("htmx:beforeSwap", () => {
  document.querySelectorAll("[data-keep-scroll]").forEach((part) => places.set(part.id, part.scrollTop));
  unfolded = [...document.querySelectorAll("[data-keep-open][open]")].map((fold) => fold.id);
});
document.body.addEventListener("htmx:afterSwap", () => {
  document.querySelectorAll("[data-keep-scroll]").forEach((part) => { part.scrollTop = places.get(part.id) ?? 0; });
  unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  focusFault();
});
// Not before: htmx puts the title of what came in place of ours between swapping and settling.
document.body.addEventListener("htmx:afterSettle", count);
// A chosen row is marked at once; the list itself is asked anew only when something changed.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest("[data-worklist] a");
  if (!row) return;
  document.querySelectorAll("[data-worklist] a[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
  // What was said about the last person goes with them. Not by an out-of-band swap of the answer: the list may be
  // renewed while the row's answer is on its way, and htmx looks for its targets from the row that is gone.
  document.getElementById("flash").replaceChildren();
  document.getElementById("queue")?.setAttribute("hx-get", row.getAttribute("href"));
});
// A click that led nowhere says so, and what was typed stays. A closed page is shown itself, because it says why.
function failed({ detail: { elt, xhr, requestConfig } }) {
  // The parts that ask for themselves stay as they are: the strip of the lost connection speaks for them.
  if (elt.matches("#queue, #main, #waiting")) return;
  if ([403, 404].includes(xhr.status) && requestConfig.verb === "get") location.assign(requestConfig.path);
  else document.getElementById("flash").replaceChildren(document.getElementById("fault").content.cloneNode(true));
}
document.body.addEventListener("htmx:responseError", failed);
document.body.addEventListener("htmx:sendError", failed);
// A ready sentence goes to the end of the field it is meant for, once.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-insert]");
  const field = button && document.getElementById(button.dataset.insert);
  if (!field) return;
  if (!field.value.includes(button.value)) field.value = `${field.value} ${button.value}`.trim();
  field.focus();
});
for (const kind of ["click", "keydown"]) {
  document.addEventListener(kind, (event) => {
    if (kind === "keydown" && event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (kind === "keydown" || !menu.contains(event.target)) menu.open = false;
    });
  });
}
count();
focusFault();
