// Search as you type: sends a `<form data-follow>` when typing pauses.

const PAUSE = 250

let due
addEventListener("input", (event) => {
  const form = event.target.closest("form[data-follow]")
  // Ignores text that an input method is still composing (Chinese, Japanese, Korean).
  if (form && !event.isComposing) send(form, PAUSE)
})
addEventListener("compositionend", (event) => {
  const form = event.target.closest("form[data-follow]")
  if (form) send(form, PAUSE)
})

// A visit to another page cancels the search.
addEventListener("turbo:click", () => clearTimeout(due))

function send(form, pause) {
  clearTimeout(due)
  due = setTimeout(() => form.isConnected && form.requestSubmit(), pause)
}
