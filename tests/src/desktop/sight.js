// What would trouble someone who looks at this screen: things cut off, things too small to hit, a page wider than its
// window. arguments: the least height and width of a target, in pixels as the page counts them, and the selector of what
// the targets are in. Answers sentences.
const [least, within] = arguments;
const wrong = [];
const shown = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && !element.closest('.govuk-visually-hidden');
};
const called = (element) =>
  `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.innerText ?? element.id ?? '').trim().slice(0, 40)}”`;

const page = document.documentElement;
if (page.scrollWidth > page.clientWidth + 1) wrong.push(`the page is ${page.scrollWidth} wide in a window of ${page.clientWidth}`);
for (const box of document.querySelectorAll('main, nav, header, footer, dialog[open]')) {
  if (box.scrollWidth > box.clientWidth + 1) wrong.push(`${called(box)} is ${box.scrollWidth} wide in ${box.clientWidth}`);
}

// Whatever has words must show all of them, unless it says that there is more.
const modal = document.querySelector('dialog[open]');
for (const element of (modal ?? document.body).querySelectorAll('*')) {
  if (!shown(element) || element.closest('svg, #__tauri_isolation__')) continue;
  const style = getComputedStyle(element);
  const hides = (way) => way === 'hidden' || way === 'clip';
  const clamped = style.webkitLineClamp && style.webkitLineClamp !== 'none';
  if (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && !clamped) {
    wrong.push(`${called(element)} is cut off: ${element.scrollWidth} in ${element.clientWidth}`);
  }
  const box = element.getBoundingClientRect();
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  const scrolls = element.closest('[data-scrolls]');
  if (own && !scrolls && (box.left < -1 || box.right > page.clientWidth + 1)) wrong.push(`${called(element)} runs out of the window`);
}

// A target is what takes the click: a chip's label stands for the box inside it. Links in a sentence may be as high as it.
for (const element of (modal ?? document.querySelector(within)).querySelectorAll('button, a[href], select, textarea, input, [role=option]')) {
  const target = element.matches('input[type=checkbox], input[type=radio]') ? (element.closest('label') ?? element) : element;
  if (!shown(target) || element.closest('p') || element.matches('.govuk-skip-link')) continue;
  const box = target.getBoundingClientRect();
  if (box.width < least - 0.5 || box.height < least - 0.5) {
    wrong.push(`${called(target)} is ${Math.round(box.width)} by ${Math.round(box.height)}, less than ${least}`);
  }
}
return wrong;
