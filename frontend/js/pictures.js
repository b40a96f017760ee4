// A picture of a row that cannot be loaded is hidden, and the icon beside it is shown (see `components.css`).

function hide(image) {
  image.hidden = true
  // A refreshed page would show it again.
  image.dataset.kept = ""
}

addEventListener("error", ({ target }) => target.matches?.(".thumb img") && hide(target), true)
// Those that failed before this was loaded.
for (const image of document.querySelectorAll(".thumb img")) if (image.complete && !image.naturalWidth) hide(image)
