// Selection in the library: ranges, keys, and the checkbox of all rows. What is selected is what is ticked; the style
// sheet counts it, and shows the bar of actions.

import { isTaken, mayAct } from "./keys.js"
import { isDone } from "./morph.js"

const BOX = ".lib [form=selection]:enabled"
const boxes = () => [...document.querySelectorAll(BOX)]
const bar = () => document.querySelector(".bulk")

/** The box that was changed last, from which a range begins. */
let anchor

function tickAll(isTicked) {
  for (const box of boxes()) box.checked = isTicked
  update()
}

/** Gives all boxes from the anchor to `box` its state. */
function extend(box) {
  const all = boxes()
  const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b)
  if (from >= 0) for (const one of all.slice(from, to + 1)) one.checked = box.checked
}

function toggle(box, isRange) {
  box.checked = !box.checked
  changed(box, isRange)
}

function changed(box, isRange) {
  if (isRange) extend(box)
  anchor = box
  update()
}

/** Shows on the checkbox of all rows whether all or some are ticked. */
function update() {
  const head = document.querySelector("[data-all-shown]:enabled")
  if (!head) return
  const all = boxes()
  const ticked = all.filter(({ checked }) => checked).length
  head.checked = ticked > 0 && ticked === all.length
  head.indeterminate = ticked > 0 && ticked < all.length
}

addEventListener("click", (event) => {
  const { target, shiftKey } = event
  if (target.matches?.(BOX)) changed(target, shiftKey)
  // Those of all that match are disabled.
  else if (target.closest?.(".bulk .clear")) for (const box of document.querySelectorAll(".lib [form=selection]")) box.checked = false
  else if (target.closest?.("[data-select-shown]")) {
    event.preventDefault()
    tickAll(true)
  } else if (shiftKey) {
    // Not every browser passes such a click on to the checkbox of a label.
    const box = target.closest?.(".lib .check")?.querySelector(BOX)
    if (!box) return
    event.preventDefault()
    toggle(box, true)
  }
})
addEventListener("change", ({ target }) => target.matches("[data-all-shown]") && tickAll(target.checked))
addEventListener("reset", () => setTimeout(update))
for (const event of ["turbo:load", "turbo:render"]) addEventListener(event, update)
// Once after each morph.
let isDue = false
addEventListener("turbo:morph-element", () => {
  if (isDue) return
  isDue = true
  queueMicrotask(() => {
    isDue = false
    update()
  })
})

// ---- Keys

addEventListener("keydown", (event) => {
  if (!event.repeat && bar() && act(event)) event.preventDefault()
})

/** Acts on a key, and returns whether it did. */
function act(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
  const letter = key.toLowerCase()
  if (key === "Escape") return !isTaken(event) && press(key)
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && letter === "a" && !isTaken(event)) {
    tickAll(true)
    return boxes().length > 0
  }
  // Enter opens the recording and does not send the form.
  if (key === "Enter" && target.matches?.(BOX)) {
    row(target)?.querySelector("[data-walk]")?.click()
    return true
  }
  if (!mayAct(event)) return false
  if (key === "Delete") return press(key)
  if (letter !== "x") return ["d", "t"].includes(letter) && press(letter)
  const box = row(document.activeElement)?.querySelector(BOX)
  if (box) toggle(box, shiftKey)
  return Boolean(box)
}

const row = (element) => element.closest("[id^=recording-]")

/** Presses the control of the bar that has this key, if it is shown. */
function press(key) {
  const control = bar()?.querySelector(`[data-keys=${key}]`)?.closest("a, button")
  if (!control?.checkVisibility()) return false
  control.click()
  return true
}

// ---- The menu of tags

addEventListener("toggle", ({ target, newState }) => target.id === "tagging" && newState === "open" && target.querySelector("input").focus(), true)
addEventListener("turbo:submit-end", ({ target, detail }) => {
  const menu = target.querySelector("#tagging")
  if (!menu || !isDone(detail)) return
  if (menu.matches(":popover-open")) menu.hidePopover()
  for (const field of menu.querySelectorAll("input")) field.value = ""
})
