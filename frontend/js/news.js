// Notifications of the browser for toasts with `data-notify`, where a person turned them on for this device.

const OFF = "notifications"

export const notifies = () => globalThis.Notification?.permission === "granted" && localStorage.getItem(OFF) !== "off"

const sent = new Set()

/** Sends a notification for each new toast while the page is hidden. It replaces the earlier one of its room. */
export function notify() {
  for (const toast of document.querySelectorAll("[data-notify]")) {
    const { id, dataset } = toast
    const room = { tag: toast.querySelector("a").href, renotify: true }
    if (!sent.has(id) && document.hidden && notifies()) new Notification(dataset.notify, room)
    sent.add(id)
  }
}

addEventListener("change", async ({ target }) => {
  if (!target.matches("[data-notifications]")) return
  localStorage.setItem(OFF, target.checked ? "on" : "off")
  if (target.checked && (await globalThis.Notification?.requestPermission()) !== "granted") target.checked = false
})
addEventListener("turbo:load", () => {
  for (const choice of document.querySelectorAll("[data-notifications]")) choice.checked = notifies()
  notify()
})
