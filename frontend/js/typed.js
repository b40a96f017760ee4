// What was typed survives the end of a session: it is kept in this tab while a person signs in, and
// put back on the page that they return to.

const KEPT = "typed"

const fields = () =>
  [...document.querySelectorAll("form[method=post] :is(input, textarea, select)[name]")].filter(
    (field) => !["hidden", "password", "file", "submit"].includes(field.type),
  )
const place = (field) =>
  [new URL(field.form.action).pathname, field.id, field.name, field.type === "radio" ? field.value : ""].join(" ")
const isTicked = (field) => ["checkbox", "radio"].includes(field.type)

addEventListener("turbo:before-fetch-response", ({ detail: { fetchResponse } }) => {
  if (fetchResponse.redirected && fetchResponse.location.pathname === "/login") keepTyped()
})

export function keepTyped() {
  const values = fields().map((field) => [place(field), isTicked(field) ? field.checked : field.value])
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
