// The browser code of every page except the sign-in: visits and forms (Turbo), live updates, keys, and small
// custom elements. Islands written in Rust are loaded only by pages that contain one.

import "@hotwired/turbo"
import "./morph.js"
import "./typed.js"
import "./forms.js"
import "./live.js"
import "./zone.js"
import "./follow.js"
import "./frames.js"
import "./keys.js"
import "./select.js"
import "./jump.js"
import "./calendar.js"
import "./timer.js"
import "./copy.js"
import "./tags.js"
import "./islands.js"
import "./player.js"
import "./film.js"
import "./pictures.js"
import "./places.js"
import "./news.js"
import "./print.js"

// For tests and benchmarks: event handlers are attached from here on.
document.documentElement.dataset.ready = ""
