// Whether what has the keyboard can be seen: inside the window, under nothing else, and marked as having it.
// Answers [what it is, what is wrong with it or null], or null when the page itself has the keyboard.
const element = document.activeElement;
if (!element || element === document.body) return null;
const name =
  `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '').trim().slice(0, 40)}”`;
const drawn = element.matches('input[type=checkbox], input[type=radio]') ? (element.closest('label') ?? element) : element;
const box = drawn.getBoundingClientRect();
const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
if (box.width < 1 || box.height < 1) return [name, 'is not drawn'];
// A field that is taller than what is left of the window is brought in as far as the place one types at.
const seen = Math.min(box.bottom, high) - Math.max(box.top, 0);
if (box.left < -1 || box.right > wide + 1 || seen < Math.min(box.height, high) * 0.45) {
  return [name, `is out of the window: ${Math.round(box.left)},${Math.round(box.top)} to ${Math.round(box.right)},${Math.round(box.bottom)} in ${wide} by ${high}`];
}
const covered = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]].filter(([across, down]) => {
  const top = document.elementFromPoint(box.left + box.width * across, Math.min(box.top + box.height * down, high - 1));
  return top && !drawn.contains(top) && !top.contains(drawn);
});
if (covered.length > 0) return [name, 'is covered by something else'];
const marks = [element, drawn, element.closest('.written')].filter(Boolean).map((one) => getComputedStyle(one));
const marked = marks.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none');
return [name, marked ? null : 'has nothing that shows it has the keyboard'];
