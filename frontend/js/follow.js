// A search that follows what is typed: `<form data-follow>` is sent when typing pauses.

const PAUSE = 250

let due
addEventListener("input", (event) => {
  const form = event.target.closest("form[data-follow]")
  // What is still being composed is no word yet (Chinese, Japanese, Korean).
  if (form && !event.isComposing) send(form, PAUSE)
})
addEventListener("compositionend", (event) => {
  const form = event.target.closest("form[data-follow]")
  if (form) send(form, PAUSE)
})

// A visit of another page ends the search.
addEventListener("turbo:click", () => clearTimeout(due))

function send(form, pause) {
  clearTimeout(due)
  due = setTimeout(() => form.isConnected && form.requestSubmit(), pause)
}
