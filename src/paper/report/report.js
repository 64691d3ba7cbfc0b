'use strict';
// Everything works without this: it adds a filter, opens what a link leads to, and opens all for printing where the style cannot.
(() => {
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const make = (tag, text, props = {}) => Object.assign(document.createElement(tag), {textContent: text}, props);

  const reveal = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    let hidden = false;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS' && !at.open) { at.open = true; hidden = true; }
      if (at.hidden) { at.hidden = false; hidden = true; }
    }
    if (hidden) target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  reveal();

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('details.req:not([open]), details.unit:not([open]), details.rest:not([open]), details.rest-rows:not([open])');
    for (const one of opened) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of opened) one.open = false;
    opened = [];
  });

  const place = document.getElementById('filter');
  const rows = all('details.req');
  if (!place || rows.length < 2) return;
  const form = make('form', '', {className: 'filter'});
  form.setAttribute('role', 'search');
  form.setAttribute('aria-label', 'Filter requirements');
  const label = make('label', 'Find ');
  const find = make('input', '', {type: 'search', id: 'find', autocomplete: 'off'});
  label.append(find);
  form.append(label);
  const boxes = [];
  const group = make('fieldset', '');
  group.append(make('legend', 'Show'));
  const words = {'fail': 'Fail', 'inconclusive': 'Inconclusive', 'pass': 'Pass', 'not-applicable': 'Not applicable'};
  for (const [value, word] of Object.entries(words)) {
    const box = make('input', '', {type: 'checkbox', checked: true, value});
    const name = make('label', '');
    name.append(box, ' ' + word);
    boxes.push(box);
    group.append(name);
  }
  const only = make('input', '', {type: 'checkbox'});
  const onlyName = make('label', '');
  onlyName.append(only, ' Mandatory only');
  group.append(onlyName);
  const count = make('output', '', {className: 'count'});
  count.setAttribute('aria-live', 'polite');
  const button = (text, open) => {
    const one = make('button', text, {type: 'button'});
    one.addEventListener('click', () => {
      for (const row of rows) if (!row.hidden) row.open = open;
    });
    return one;
  };
  const buttons = make('div', '', {className: 'buttons'});
  buttons.append(button('Open all', true), button('Close all', false), count);
  form.append(group, buttons);
  place.append(form);

  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const apply = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const word = find.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const keep = wanted.has(row.dataset.verdict) && (!only.checked || row.dataset.status === 'mandatory') &&
          (!word || texts.get(row).includes(word));
      row.hidden = !keep;
      shown += keep ? 1 : 0;
    }
    count.textContent = shown + ' of ' + rows.length + ' shown';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
})();
