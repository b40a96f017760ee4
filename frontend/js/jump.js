// The jump dialog: finds rooms, recordings and pages by a part of their name. The server searches and renders
// the list (`/jump`); this script moves through it and opens the selected item.

import { visit } from "@hotwired/turbo"
import { isComposing } from "./keys.js"

const PAUSE = 120

const dialog = () => document.querySelector("#jump")
const options = () => [...dialog().querySelectorAll("[role=option]")]

let due
// Whether a person has moved the selection since the last letter.
let moved

addEventListener("click", (event) => {
  if (event.target.closest("[data-key=jump]")) open()
  const option = event.target.closest("#jump [role=option]")
  if (option) go(option)
  // A click on the dialog element itself is a click on its backdrop.
  if (event.target.matches("dialog[open]")) event.target.close()
})

function open() {
  if (dialog().open) return dialog().close()
  for (const other of document.querySelectorAll("dialog[open]")) other.close()
  dialog().querySelector("input").value = ""
  dialog().showModal()
  moved = false
  ask()
}

async function ask() {
  const box = dialog().querySelector("input")
  const address = new URL(dialog().dataset.from, location.href)
  const asked = box.value
  address.searchParams.set("q", asked)
  const answer = await fetch(address).catch(() => undefined)
  // The session has ended. The page leads to the sign-in, and back.
  if (answer?.redirected) return location.reload()
  // Ignores an outdated response.
  if (!answer?.ok || box.value !== asked) return
  const found = dialog().querySelector("[data-found]")
  const text = await answer.text()
  const what = (option) => option?.dataset.href ?? option?.textContent
  const chosen = moved ? what(options().find((option) => option.ariaSelected === "true")) : undefined
  found.innerHTML = text
  const again = options().findIndex((option) => what(option) === chosen)
  // Among several rooms to stop or record, a person chooses.
  choose(again < 0 && !found.querySelector("[data-unchosen]") ? 0 : again)
}

addEventListener("input", (event) => {
  if (!event.target.closest("#jump")) return
  clearTimeout(due)
  moved = false
  due = setTimeout(ask, PAUSE)
  // Until the response arrives, keeps only options that match, so that Enter opens nothing else.
  const wanted = event.target.value.trim().toLowerCase()
  const name = (option) => option.querySelector(".trunc").textContent.toLowerCase()
  for (const option of options()) if (!name(option).includes(wanted)) option.remove()
  choose(0)
})

function choose(index) {
  options().forEach((option, at) => {
    option.id = `jump-list-${at}`
    option.setAttribute("aria-selected", at === index)
  })
  const box = dialog().querySelector("input")
  if (options()[index]) box.setAttribute("aria-activedescendant", `jump-list-${index}`)
  else box.removeAttribute("aria-activedescendant")
  options()[index]?.scrollIntoView({ block: "nearest" })
}

function go(option) {
  const form = option.querySelector("form")
  if (form) form.requestSubmit()
  dialog().close()
  if (!form) visit(option.dataset.href)
}

addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#jump") || isComposing(event)) return
  const all = options()
  const chosen = all.findIndex((option) => option.ariaSelected === "true")
  if (event.key === "ArrowDown") choose((chosen + 1) % all.length)
  else if (event.key === "ArrowUp") choose((Math.max(chosen, 0) + all.length - 1) % all.length)
  else if (event.key === "Enter" && all[chosen]) go(all[chosen])
  else return
  moved = event.key !== "Enter"
  event.preventDefault()
})
