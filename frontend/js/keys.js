// The keyboard. A key stands on the element that it presses: `data-key="r"`, or `data-key="g l"` for two in
// a row. `data-walk` marks what J, K and the arrows walk through. Single keys rest while a text field has
// the focus or a dialog is open, and where a person switched them off for this device. `data-keys` names keys
// that a script of its own serves, for the help.

const OFF = "single-keys"
/** After the first of two keys, the second is waited for so many milliseconds. */
const SECOND = 1500
/** A button with `data-twice` wants its key once more within so many milliseconds. */
const TWICE = 3000

const isOn = () => localStorage.getItem(OFF) !== "off"
const isOpen = () => document.querySelector("dialog[open], :popover-open") !== null
const isTyping = ({ target }) =>
  target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])")

/** Whether the single key of an event may do something. */
export const mayAct = (event) =>
  !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn() || isOpen() || isTyping(event))

let first
let firstAt = 0

const click = (id) => document.getElementById(id)?.click()

addEventListener("keydown", (event) => {
  const { key, ctrlKey, metaKey, altKey, repeat } = event
  // Keys of one element: Enter in a field, and Alt with an arrow, press the button of that id.
  const { enter, altUp, altDown } = event.target.dataset ?? {}
  const own = altKey ? { ArrowUp: altUp, ArrowDown: altDown }[key] : key === "Enter" && !event.isComposing && enter
  if (own) {
    event.preventDefault()
    return click(own)
  }
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") {
    event.preventDefault()
    document.querySelector("[data-key=jump]")?.click()
    return
  }
  // Out of a search field, so that keys work again.
  if (key === "Escape" && event.target.matches("input[type=search]") && !event.target.value) event.target.blur()
  if (!mayAct(event)) return
  if (walk(key) || (!repeat && press(key.length === 1 ? key.toLowerCase() : key))) event.preventDefault()
})

function press(key) {
  const pair = first && performance.now() - firstAt < SECOND ? `${first} ${key}` : undefined
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
  else if (!element.dataset.twice || disarm() === element) element.click()
  else arm(element)
}

let armed

/** Asks for the same key once more. */
function arm(button) {
  const word = button.querySelector("[data-word]")
  armed = { button, word, before: word.textContent, timer: setTimeout(disarm, TWICE) }
  button.dataset.armed = ""
  word.textContent = button.dataset.twice
}

/** The button that was asked for once more, and is no longer. */
function disarm() {
  if (!armed) return
  const { button, word, before, timer } = armed
  armed = undefined
  clearTimeout(timer)
  delete button.dataset.armed
  word.textContent = before
  return button
}

/** Moves the focus through the list; whether it moved. */
function walk(key) {
  const forth = { j: true, J: true, ArrowDown: true, k: false, K: false, ArrowUp: false }[key]
  if (forth === undefined) return false
  const all = [...document.querySelectorAll("[data-walk]")]
  const { activeElement } = document
  const here = all.indexOf(activeElement)
  // Arrows scroll what has the focus; the list has it only while something of it does.
  if (key.startsWith("Arrow") && here < 0 && activeElement !== document.body) return false
  const open = all.findIndex((element) => element.hasAttribute("aria-current"))
  const to = here < 0 ? Math.max(open, 0) : here + (forth ? 1 : -1)
  all[to]?.focus()
  return to in all
}

// ---- The dialog with all keys: those of this page stand on its elements.

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

// ---- The choice of a device, in the settings.

addEventListener("change", (event) => {
  if (event.target.matches("[data-single-keys]")) localStorage.setItem(OFF, event.target.checked ? "on" : "off")
})
addEventListener("turbo:load", () => {
  for (const choice of document.querySelectorAll("[data-single-keys]")) choice.checked = isOn()
})
