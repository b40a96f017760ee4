// Search as you type: sends a `<form data-follow>` when typing pauses, and leads to its results.

const PAUSE = 250

let due
/** The search whose results a person waits for: `opens`, whether to open the only one. */
let entered

addEventListener("input", (event) => {
  const form = event.target.closest("form[data-follow]")
  // Ignores text that an input method is still composing (Chinese, Japanese, Korean).
  if (form && !event.isComposing) send(form, PAUSE)
})
addEventListener("compositionend", (event) => {
  const form = event.target.closest("form[data-follow]")
  if (form) send(form, PAUSE)
})

// A visit to another page cancels the search, and so does a form that is sent at once.
for (const event of ["turbo:click", "submit"]) addEventListener(event, () => clearTimeout(due))

function send(form, pause) {
  entered = undefined
  clearTimeout(due)
  due = setTimeout(() => form.isConnected && form.requestSubmit(), pause)
}

/** Searches at once, and then goes to the first result, or opens the only one. */
export function enter(form, opens) {
  clearTimeout(due)
  form.requestSubmit()
  entered = { opens }
}

addEventListener("turbo:load", () => {
  // Opens a result after this visit, since that is another one.
  if (entered && document.activeElement.form?.matches("[data-follow]")) setTimeout(goToResults, 0, entered)
  entered = undefined
})

function goToResults({ opens }) {
  const results = document.querySelectorAll("main [data-walk]")
  results[0]?.focus()
  if (opens && results.length === 1) results[0].click()
}
