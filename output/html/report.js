'use strict';
// Hides the findings that do not match the filter. Without this script the page
// shows everything.
(() => {
  const findings = [...document.querySelectorAll('.finding')];
  const words = document.getElementById('words');
  const severity = document.getElementById('severity');
  const rule = document.getElementById('rule');
  const count = document.getElementById('count');
  const text = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));

  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const finding of findings) {
      const matches = (!severity.value || finding.dataset.severity === severity.value) &&
        (!rule.value || finding.dataset.rule === rule.value) &&
        wanted.every((word) => text.get(finding).includes(word));
      finding.hidden = !matches;
      shown += matches;
    }
    count.textContent = `${shown} of ${findings.length} shown`;
  };
  for (const control of [words, severity, rule])
    control.addEventListener('input', apply);

  document.getElementById('toggle').addEventListener('click', () => {
    const visible = findings.filter((finding) => !finding.hidden);
    const open = visible.some((finding) => !finding.open);
    for (const finding of visible)
      finding.open = open;
  });

  // A link to a finding opens it.
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.classList.contains('finding'))
      target.open = true;
  };
  addEventListener('hashchange', openTarget);
  document.querySelector('.controls').hidden = false;
  openTarget();
  apply();
})();
