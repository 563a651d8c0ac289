// What is measured on an opened page; each function gives the faults as sentences. Nothing here changes the page.
(limits) => {
  // Words that only a screen reader gets are clipped to nothing on purpose.
  const heard = (node) => node && (getComputedStyle(node).clipPath === "inset(50%)" || heard(node.parentElement));
  const seen = (node) => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !heard(node) && !node.closest("[hidden]");
  const name = (node) => {
    const words = (node.getAttribute("aria-label") || node.innerText || node.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const marks = [node.tagName.toLowerCase(), node.id && "#" + node.id, ...[...node.classList].map((mark) => "." + mark)];
    return `${marks.filter(Boolean).join("")} “${words}”`;
  };

  const wide = () => {
    const page = document.documentElement;
    return page.scrollWidth > innerWidth ? [`wider than its window: ${page.scrollWidth} px in ${innerWidth}`] : [];
  };

  // A round button or a tick is pressed by its label; a link inside a sentence is as high as the sentence.
  const target = (node) => (node.matches("[type=radio], [type=checkbox]") && node.closest("label")) || node;
  const inSentence = (node) => node.matches("a") && getComputedStyle(node).display === "inline" && node.parentElement.innerText.trim() !== node.innerText.trim();
  const small = () => {
    const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const nodes = new Set([...document.querySelectorAll(pressed)].filter((node) => seen(node) || node.matches("[type=radio]")).map(target));
    return [...nodes].filter((node) => seen(node) && !inSentence(node) && !node.matches(".skip")).flatMap((node) => {
      const box = node.getBoundingClientRect();
      const side = Math.min(box.width, box.height);
      return side < limits.target - 0.5 ? [`target of ${Math.round(side * 10) / 10} px: ${name(node)}`] : [];
    });
  };

  const clips = (node) => ["hidden", "clip"].some((value) => [getComputedStyle(node).overflowX, getComputedStyle(node).overflowY].includes(value));
  const scrolls = (node) => ["auto", "scroll"].some((value) => [getComputedStyle(node).overflowX, getComputedStyle(node).overflowY].includes(value));
  const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
  const frame = ".btn, button, .pill, kbd, td, th, .tabs a, .choices label, .vitals li, .facts dt, .facts dd, .item, .box, .steps li, .hd, .ft";
  const cutText = (text) => {
    const node = text.parentElement, range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) return [];
    const within = node.closest(frame);
    if (within && outside(box, within.getBoundingClientRect())) return [`runs out of its frame: ${name(within)}`];
    for (let up = node; up && up !== document.body; up = up.parentElement) {
      if (scrolls(up)) return [];
      if (clips(up) && outside(box, up.getBoundingClientRect())) return [`cut off: ${name(node)} in ${name(up)}`];
    }
    return box.right > innerWidth + 1 || box.left < -1 ? [`outside the window: ${name(node)}`] : [];
  };
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !node.closest("script, style, template, option, datalist, title") && seen(node)) found.push(walker.currentNode);
    }
    return found;
  };
  // At 320 px a long diagnosis does not fit into any list field; its choice is whole in the list the telephone opens.
  const fields = innerWidth > 320 ? "input:not([type=radio], [type=checkbox], [type=hidden]), select" : "input:not([type=radio], [type=checkbox], [type=hidden])";
  const ruler = document.createElement("canvas").getContext("2d");
  const cutFields = () => [...document.querySelectorAll(fields)].filter(seen).flatMap((node) => {
    const style = getComputedStyle(node), words = node.matches("select") ? node.selectedOptions[0]?.text : node.value || node.placeholder;
    ruler.font = style.font;
    const room = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return ruler.measureText(words || "").width > room + 1 ? [`words longer than the field: ${name(node)} “${words}”`] : [];
  });

  // Words that were left in English on a page of another language; made-up Latin names are marked translate="no".
  const english = () => {
    if (document.documentElement.lang === "en") return [];
    const known = new RegExp(`^(${limits.latin.join("|")})$`, "i");
    return texts().filter((text) => !text.parentElement.closest("[translate=no], [lang=en], code, kbd, .langs")).flatMap((text) =>
      (text.data.match(/\b[A-Za-z]{3,}\b/g) || []).filter((word) => !known.test(word)).map((word) => `English word: ${word} in “${text.data.trim().slice(0, 60)}”`));
  };
  // A key that came through without its words: snake_case or dotted.
  const raw = () => texts().filter((text) => /\b[a-z]+(_[a-z]+)+\b|\b[a-z]{3,}\.[a-z_]{3,}\b|%\(|\{[a-z]+\}/.test(text.data) && !text.parentElement.closest("[translate=no], code, .langs"))
    .map((text) => `raw key: “${text.data.trim().slice(0, 60)}”`);

  return [...new Set([...wide(), ...small(), ...texts().flatMap(cutText), ...cutFields(), ...english(), ...raw()])];
}
