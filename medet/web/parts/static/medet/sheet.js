// The sheet behind "?": made from the page's own data-key elements, so it can never tell of a key that is not there.
const SETTING = "medet.singleKeys";
const dialog = document.getElementById("keys");
const list = document.getElementById("keys-list");
const single = document.getElementById("keys-single");

const word = (code) => code.replace(/^(Key|Digit|Numpad)/, "").replace("Slash", "/").replace("Minus", "-").replace("Equal", "=");

function nameOf(element) {
  if (element.dataset.keyLabel || element.ariaLabel) return element.dataset.keyLabel ?? element.ariaLabel;
  if (element.labels?.length) return nameOf(element.labels[0]);
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, input, select, .vh").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function line(keys, label) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const caps = document.createElement("dd");
  term.textContent = label;
  keys.forEach((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    caps.append(cap, " ");
  });
  row.append(term, caps);
  return row;
}

// A <dl> holds only its groups, so the sheet is one list in the order of the page; a choice says what it belongs to.
function fill() {
  const words = dialog.dataset;
  list.replaceChildren(
    line(["?"], words.help), line(["F6"], words.regionName), line(["J", "K"], words.move), line(["Ctrl", "Enter"], words.submit));
  for (const element of document.querySelectorAll("[data-key]")) {
    const shown = element.closest("details.menu:not([open])") ?? element; // what lies in a closed menu has its key too
    if (!shown.checkVisibility() || dialog.contains(element)) continue;
    const group = element.closest("fieldset[data-keys]")?.querySelector("legend")?.textContent.trim();
    list.append(line([word(element.dataset.key)], group ? `${group}: ${nameOf(element)}` : nameOf(element)));
  }
}

document.addEventListener("medet:keys", () => {
  fill();
  single.checked = localStorage.getItem(SETTING) !== "off";
  dialog.showModal();
});
single?.addEventListener("change", () => localStorage.setItem(SETTING, single.checked ? "on" : "off"));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) document.dispatchEvent(new Event("medet:keys"));
});
