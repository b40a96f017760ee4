// Keeps what was typed when a session ends, or a form loads the whole page anew: stores it for this tab, and
// restores it on the page that the person returns to.

import { isChanged, isTicked } from "./morph.js"

const KEPT = "typed"

const fields = () =>
  [...document.querySelectorAll("form[method=post]")]
    .flatMap((form) => [...form.elements])
    .filter((field) => field.matches(":is(input, textarea, select)[name]") && !["hidden", "password", "file", "submit"].includes(field.type))
/** Identifies a field of the page: several forms may have the same fields, each in an element with an id. */
const place = (field) => {
  const { form, name, type, value } = field
  // `form.id` and `form.action` would return fields of those names.
  const [id, action] = [form.closest("[id]")?.getAttribute("id"), form.getAttribute("action")]
  return [id, action, name, type === "radio" ? value : ""].join(" ")
}

addEventListener("turbo:before-fetch-response", ({ detail: { fetchResponse } }) => {
  if (fetchResponse.redirected && fetchResponse.location.pathname === "/login") keepTyped()
})

// A form that loads the whole page anew, such as the choice of the language, keeps what others hold.
addEventListener("submit", ({ target }) => {
  if (target.matches("[data-turbo=false]")) keepTyped()
})

export function keepTyped() {
  const values = fields().filter(isChanged).map((field) => [place(field), isTicked(field) ? field.checked : field.value])
  if (values.length) sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, values }))
}

// The sign-in page has no scripts, so the page after it is fully loaded.
addEventListener("turbo:load", restore, { once: true })

function restore() {
  const { path, values } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}")
  if (path !== location.pathname) return
  sessionStorage.removeItem(KEPT)
  const typed = new Map(values)
  for (const field of fields()) {
    const value = typed.get(place(field))
    if (value === undefined) continue
    const name = isTicked(field) ? "checked" : "value"
    if (field[name] === value) continue
    field[name] = value
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
}
