// The server shows times in the reader's zone, which only the browser knows.

import { refresh } from "./live.js"

const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
const kept = `tz=${timeZone.replaceAll("/", "%2F")}`
if (timeZone && document.documentElement.dataset.zone !== timeZone && !document.cookie.split("; ").includes(kept)) {
  document.cookie = `${kept}; Path=/; Max-Age=31536000; SameSite=Lax`
  refresh()
}
