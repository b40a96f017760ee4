// Keyboard shortcuts. `data-key="r"` is the key of an element, `data-key="g l"` a sequence of two keys.
// `data-walk` marks the items that J, K and the arrow keys move through. Single keys are off while a text
// field has the focus, while a dialog is open, and where a person disabled them on this device. `data-keys`
// lists keys that another script handles, for the help.

import { enter } from "./follow.js"

const OFF = "single-keys"
/** Timeout in milliseconds for the second key of a sequence. */
const SEQUENCE_TIMEOUT = 1500
/** Time in milliseconds within which the key of a button with `data-twice` must be pressed again. */
const CONFIRM_TIMEOUT = 3000

const isOn = () => localStorage.getItem(OFF) !== "off"
const isOpen = () => document.querySelector("dialog[open], :popover-open") !== null
const isTyping = ({ target }) =>
  target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])")

/** Whether a key belongs to a text field or to what is open. */
export const isTaken = (event) => event.defaultPrevented || isOpen() || isTyping(event)

/** Whether an event may trigger a single-key shortcut. */
export const mayAct = (event) => !(event.ctrlKey || event.metaKey || event.altKey || !isOn() || isTaken(event))

/** Whether a key belongs to an input method. In Safari the Enter that picks a candidate comes after the composition,
 *  with the code 229 alone. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229

let first
let firstAt = 0

const click = (id) => document.getElementById(id)?.click()

addEventListener("keydown", (event) => {
  const { key, ctrlKey, metaKey, altKey, repeat } = event
  // Shortcuts of the focused element: Enter, or Alt with an arrow key, presses the button with the given id.
  const { enter, altUp, altDown } = event.target.dataset ?? {}
  const own = altKey ? { ArrowUp: altUp, ArrowDown: altDown }[key] : key === "Enter" && !isComposing(event) && enter
  if (own) {
    event.preventDefault()
    return click(own)
  }
  // In a field of a form with `data-edit`, Ctrl or ⌘ with Enter sends it, and Escape follows its link.
  const { form } = event.target
  if (form?.matches("[data-edit]") && !isComposing(event)) {
    const saves = key === "Enter" && (ctrlKey || metaKey)
    if (saves || key === "Escape") {
      event.preventDefault()
      return saves ? form.requestSubmit() : form.querySelector("[data-key=Escape]").click()
    }
  }
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") {
    event.preventDefault()
    document.querySelector("[data-key=jump]")?.click()
    return
  }
  if (event.target.matches?.("main input[type=search]:not(turbo-frame input)") && !isComposing(event)) search(event)
  if (!mayAct(event)) return
  if (walk(key) || (!repeat && press(key.length === 1 ? key.toLowerCase() : key))) event.preventDefault()
})

/** In a search field, Escape clears and leaves it, so that single keys work again. The down arrow goes to the
 *  results, and so does Enter, or it opens the only one. */
function search(event) {
  const { key, target } = event
  if (key === "Escape") {
    target.value = ""
    target.dispatchEvent(new Event("input", { bubbles: true }))
    target.blur()
  } else if (["Enter", "ArrowDown"].includes(key) && target.form.matches("[data-follow]")) enter(target.form, key === "Enter")
  else return
  event.preventDefault()
}

function press(key) {
  const pair = first && performance.now() - firstAt < SEQUENCE_TIMEOUT ? `${first} ${key}` : undefined
  first = undefined
  const target = (pair && find(pair)) ?? find(key)
  if (target) {
    act(target)
    return true
  }
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key
    firstAt = performance.now()
    return true
  }
  return false
}

const find = (keys) =>
  [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((element) => element.checkVisibility() && !element.disabled) ??
  document.querySelector(`[data-key="${CSS.escape(keys)}"]:is(a, dialog, button)`)

function act(element) {
  if (element.matches("dialog")) element.showModal()
  else if (element.matches("input, textarea")) element.focus()
  else if (element.matches("summary")) unfold(element.parentElement)
  else if (!element.dataset.twice || disarm() === element) element.click()
  else arm(element)
}

/** Opens a fold and goes to its first field. */
function unfold(fold) {
  fold.open = true
  fold.querySelector("input:not([type=hidden]), textarea, select")?.focus()
}

let armed

/** Asks for the same key again. */
function arm(button) {
  const word = button.querySelector("[data-word]")
  armed = { button, word, before: word.textContent, timer: setTimeout(disarm, CONFIRM_TIMEOUT) }
  button.dataset.armed = ""
  word.textContent = button.dataset.twice
}

/** Cancels the pending confirmation and returns its button. */
function disarm() {
  if (!armed) return
  const { button, word, before, timer } = armed
  armed = undefined
  clearTimeout(timer)
  delete button.dataset.armed
  word.textContent = before
  return button
}

/** Moves the focus through the list and returns whether it moved. */
function walk(key) {
  const forth = { j: true, J: true, ArrowDown: true, k: false, K: false, ArrowUp: false }[key]
  if (forth === undefined) return false
  const all = [...document.querySelectorAll("[data-walk]")]
  const { activeElement } = document
  const here = all.indexOf(activeElement)
  // Arrow keys scroll the focused element; they move through the list only from an item, the body, or the
  // element that the focus falls back to (see morph.js).
  if (key.startsWith("Arrow") && here < 0 && !activeElement.matches("body, [data-focus]")) return false
  const open = all.findIndex((element) => element.hasAttribute("aria-current"))
  const to = here < 0 ? Math.max(open, 0) : here + (forth ? 1 : -1)
  all[to]?.focus()
  return to in all
}

// ---- The help dialog: lists the shortcuts of this page from its elements.

addEventListener("toggle", (event) => event.target.id === "keys" && event.newState === "open" && list(event.target), true)

function list(dialog) {
  dialog.querySelector("[data-keys-off]").hidden = isOn()
  const rows = new Map()
  for (const element of document.querySelectorAll("[data-key], [data-keys]")) {
    const keys = element.dataset.key ?? element.dataset.keys
    if (["jump", "?"].includes(keys)) continue
    const what = element.dataset.does ?? element.getAttribute("aria-label") ?? element.textContent.trim()
    rows.set(keys, what)
  }
  const row = ([keys, what]) => {
    const [dt, dd] = ["dt", "dd"].map((name) => document.createElement(name))
    dt.append(
      ...keys.split(" ").map((key) => {
        const kbd = document.createElement("kbd")
        kbd.textContent = key.length === 1 ? key.toUpperCase() : key
        return kbd
      }),
    )
    dd.textContent = what
    return [dt, dd]
  }
  dialog.querySelector("[data-here]").replaceChildren(...[...rows].flatMap(row))
}

// ---- The setting of this device.

addEventListener("change", (event) => {
  if (event.target.matches("[data-single-keys]")) localStorage.setItem(OFF, event.target.checked ? "on" : "off")
})
addEventListener("turbo:load", () => {
  for (const choice of document.querySelectorAll("[data-single-keys]")) choice.checked = isOn()
})
