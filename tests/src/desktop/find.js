// Finds the parts of the screen that a test names: by test id, or as a person is told of them, by role and name.
// arguments: the steps, from the outermost part in; each { id | selector | role and name, words?, line? }.
// Answers the elements.
const [steps] = arguments;

const selectors = {
  button: 'button, [role=button], input[type=submit]',
  link: 'a[href], [role=link]',
  heading: 'h1, h2, h3, h4, [role=heading]',
  textbox: 'input:not([type]), input[type=text], input[type=tel], input[type=password], input[type=search], textarea, [role=textbox]',
  searchbox: 'input[type=search], [role=searchbox]',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  radio: 'input[type=radio], [role=radio]',
  combobox: 'select, [role=combobox]',
  tab: '[role=tab]',
  row: 'tr, [role=row]',
  listitem: 'li, [role=listitem]',
  article: 'article, [role=article]',
  alert: '[role=alert]',
  status: '[role=status], [aria-live=polite], output',
  dialog: 'dialog[open], [role=dialog]',
  main: 'main, [role=main]',
  navigation: 'nav, [role=navigation]',
};

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

// What is shown to sighted people only is not part of a name.
const words = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
  if (node.getAttribute('aria-label')) return ` ${node.getAttribute('aria-label')} `;
  return [...node.childNodes].map(words).join('');
};

const named = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return tidy(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  if (element.getAttribute('aria-label')) return tidy(element.getAttribute('aria-label'));
  if (element.labels?.length) return tidy([...element.labels].map(words).join(' '));
  return tidy(words(element));
};

const seen = (element) => {
  const box = element.getBoundingClientRect();
  // Radios and checkboxes may be drawn by their label and be invisible themselves.
  const drawn = element.matches('input[type=radio], input[type=checkbox]') || getComputedStyle(element).visibility !== 'hidden';
  return drawn && (box.width > 0 || box.height > 0);
};

const candidates = (root, { id, selector, role, name }) => {
  const all = (which) => [...root.querySelectorAll(which)];
  if (id !== undefined) return all(`[data-testid=${CSS.escape(id)}]`);
  if (selector !== undefined) return all(selector);
  const wanted = tidy(name).toLowerCase();
  return all(selectors[role] ?? `[role=${role}]`).filter((it) => seen(it) && named(it).toLowerCase().includes(wanted));
};

const fits = (element, { words: has, line }) => {
  const said = element.innerText ?? element.textContent ?? '';
  if (line !== undefined && !said.split('\n').some((one) => tidy(one) === line)) return false;
  return has === undefined || said.includes(has) || (element.getAttribute('aria-label') ?? '').includes(has);
};

const within = (roots, step) => [...new Set(roots.flatMap((root) => candidates(root, step)))].filter((it) => fits(it, step));
return steps.reduce(within, [document]);
