// Keyboard first. An element says its key itself: data-key="KeyA" (event.code, so the place of the key counts under every layout).
// Links, buttons and labels are clicked, fields get the focus. Groups with data-keys (stay | step) win while the focus is inside them.
const TEXT = "input:not([type=radio],[type=checkbox],[type=button],[type=submit]), textarea, select, [contenteditable=true]";
const SETTING = "medet.singleKeys";

const typing = () => document.activeElement?.matches(TEXT) ?? false;
const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]");
// What lies in a closed menu has its key as long as the menu itself is there.
const reachable = (element) => visible(element.closest("details.menu:not([open])") ?? element);
const singlesOn = () => localStorage.getItem(SETTING) !== "off";
const isSingle = (code) => /^(Key|Digit|Minus|Equal|Slash|Period|Comma)/.test(code);

function matches(code) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(code)}"]`)].filter(reachable);
}

// The nearest wins: the group in hand, then the form in hand, then the first on the page.
function nearest(found) {
  const group = document.activeElement?.closest("[data-keys]");
  const form = document.activeElement?.closest("form");
  return found.find((element) => group?.contains(element)) ?? found.find((element) => form?.contains(element)) ?? found[0];
}

function nextGroup(group) {
  const groups = [...(group.closest("form") ?? document).querySelectorAll("[data-keys]")].filter(visible);
  return groups[groups.indexOf(group) + 1];
}

const firstControl = (element) => element.querySelector("input:checked, input:not([type=hidden]), select, textarea, button, a[href]");

function press(element) {
  if (element.matches(TEXT)) {
    element.focus();
    element.select?.();
  } else if (element.matches("a, button, label, summary")) {
    chooseIn(element.closest("[data-keys]"), element);
  } else {
    (firstControl(element) ?? element).focus();
  }
}

function chooseIn(group, element) {
  element.click();
  if (!group) return;
  const next = group.dataset.keys === "step" ? nextGroup(group) : undefined;
  const control = next ? firstControl(next) : element.control;
  control?.focus();
  (next ?? group).scrollIntoView({ block: "nearest" });
}

function move(step) {
  const items = [...document.querySelectorAll("[data-worklist] a")].filter(visible);
  if (!items.length) return false;
  const here = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
  const current = items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const from = here >= 0 ? here : current;
  if (from + step < 0 && items[0].closest("[data-worklist=found]")) return pressKey("Slash");
  // Only the focus moves: opening a person is a read that leaves a trace, so it is Enter's.
  items[Math.max(0, Math.min(items.length - 1, from + step))].focus();
  return true;
}

function nextRegion(back) {
  const regions = [...document.querySelectorAll("[data-region]")].filter(visible);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const target = regions[(here + (back ? -1 : 1) + regions.length) % regions.length];
  target.tabIndex = target.hasAttribute("tabindex") ? target.tabIndex : -1;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

function submitNearest() {
  const form = document.activeElement?.closest("form") ?? document.querySelector("form[data-main]");
  const button = form?.querySelector("button[data-submit]") ?? form?.querySelector("button:not([type=button])");
  if (!form || !button) return false;
  form.requestSubmit(button);
  return true;
}

function pressKey(code) {
  const found = matches(code);
  if (!found.length) return false;
  press(nearest(found));
  return true;
}

function handle(event) {
  const help = event.key === "?" || (event.code === "Slash" && event.shiftKey);
  const code = event.key === "/" ? "Slash" : event.code;
  if (event.ctrlKey && (code === "Enter" || code === "NumpadEnter")) return submitNearest();
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (code === "F6") return nextRegion(event.shiftKey), true;
  if (document.querySelector("dialog[open]")) return false;
  if (/^F\d+$/.test(code)) return !event.repeat && pressKey(code);
  const step = { ArrowDown: 1, ArrowUp: -1 }[code];
  if (step && document.activeElement?.closest("[data-worklist], .search")) return move(step);
  if (typing() || !singlesOn() || (event.shiftKey && !help)) return false;
  if (help) return document.dispatchEvent(new Event("medet:keys")), true;
  if (code === "KeyJ" || code === "KeyK") return move(code === "KeyJ" ? 1 : -1);
  return isSingle(code) && !event.repeat && pressKey(code);
}

document.addEventListener("keydown", (event) => {
  if (!event.isComposing && !event.defaultPrevented && handle(event)) event.preventDefault();
});
// Who was searched for is at hand at once: Enter opens the first, the arrows go on. Only when the page is new.
if (!document.querySelector("[data-worklist] [aria-current]")) document.querySelector("[data-worklist=found] a")?.focus();
