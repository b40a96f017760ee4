// What was typed survives the end of a session: it is kept in this tab while a person signs in, and
// put back on the page that they return to.

import { isChanged, isTicked } from "./morph.js"

const KEPT = "typed"

const fields = () =>
  [...document.querySelectorAll("form[method=post] :is(input, textarea, select)[name]")].filter(
    (field) => !["hidden", "password", "file", "submit"].includes(field.type),
  )
/** Which field of the page it is: a page may have several forms of a kind, each in an element with an id. */
const place = (field) => {
  const { form, name, type, value } = field
  // Not `form.id` and `form.action`, which a field of that name hides.
  const [id, action] = [form.closest("[id]")?.getAttribute("id"), form.getAttribute("action")]
  return [id, action, name, type === "radio" ? value : ""].join(" ")
}

addEventListener("turbo:before-fetch-response", ({ detail: { fetchResponse } }) => {
  if (fetchResponse.redirected && fetchResponse.location.pathname === "/login") keepTyped()
})

export function keepTyped() {
  const values = fields().filter(isChanged).map((field) => [place(field), isTicked(field) ? field.checked : field.value])
  if (values.length) sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, values }))
}

// The sign-in page has no scripts: the page after it is loaded anew.
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
