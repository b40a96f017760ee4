// A button with `data-print` prints the page. Without scripts, the menu of the browser does.

addEventListener("click", ({ target }) => target.closest?.("[data-print]") && print())
