'use strict';
// Sorting and filtering of tables. Everything is readable without it.
for (const table of document.querySelectorAll('table.sort')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const key = (row, i) => {
    const text = row.cells[i].dataset.v ?? row.cells[i].textContent.trim();
    const n = Number(text);
    return text === '' || Number.isNaN(n) ? text : n;
  };
  const compare = (a, b) => typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1;
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    const button = document.createElement('button');
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.ariaSort === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.ariaSort = down ? 'descending' : 'ascending';
      const sorted = rows.map((row) => [key(row, i), row]).sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
      body.append(...sorted.map((pair) => pair[1]));
    });
  });
}
const filter = document.getElementById('filter');
filter.hidden = false;
filter.querySelector('input').addEventListener('input', (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const table of document.querySelectorAll('table.sort')) {
    const heading = table.dataset.heading.toLowerCase();
    for (const row of table.tBodies[0].rows) {
      const text = heading + ' ' + row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      all++;
      if (!row.hidden) shown++;
    }
  }
  filter.querySelector('output').textContent = words.length ? shown + ' of ' + all + ' rows' : '';
});
