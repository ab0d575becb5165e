// Comfort only: every page works without it.
"use strict";

// "/" leads to the search field, as on many sites.
document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || inField) {
    return;
  }
  const field = document.querySelector("#q");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// A link to a version opens what changed in it; a print shows all of it.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const details = target && target.closest("section").querySelector("details");
  if (details) {
    details.open = true;
  }
}
window.addEventListener("hashchange", openTarget);
openTarget();
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.diff").forEach((details) => {
    details.open = true;
  });
});
