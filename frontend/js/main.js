// The browser's half of every page but the sign-in: visits and forms (Turbo), live changes, keys, and
// the small custom elements. The islands with Rust in them are loaded by the pages that have one.

import { config } from "@hotwired/turbo"
import "./morph.js"
import "./typed.js"
import "./forms.js"
import "./live.js"
import "./zone.js"
import "./follow.js"
import "./keys.js"
import "./jump.js"
import "./timer.js"
import "./copy.js"
import "./islands.js"
import "./player.js"

// A pressed button keeps the focus while its form is on its way.
config.forms.submitter = "aria-disabled"

// For tests and benches: from here on clicks and keys do what they should.
document.documentElement.dataset.ready = ""
