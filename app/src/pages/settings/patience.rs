use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::ledger::Patience;

use super::{
    field::TextField,
    form::{Form, FormEnd},
};
use crate::{form::failed, query::Query, server_fns::SetPatience, this_page::locale};

/// The time limits for the files of a recording.
#[component]
pub fn PatienceSection(
    /// The current setting.
    patience: Patience,
) -> impl IntoView {
    let locale = locale();
    let query: Query = expect_context();
    let form = Form {
        key: "patience".to_owned(),
        error: failed::<SetPatience>(),
    };
    let value = |name: &str, set: i64| match query.get(name) {
        "" => (set / 60_000).to_string(),
        typed => typed.to_owned(),
    };
    view! {
        <section class="set-s" aria-labelledby="patience-h">
            <header>
                <h2 id="patience-h">{say!(locale, watch.patience.title)}</h2>
                <p>{say!(locale, watch.patience.text)}</p>
            </header>
            <div>
                <form class="card" method="post" action=SetPatience::url()>
                    <div class="form">
                        <TextField
                            name="late"
                            form=form.clone()
                            label=say!(locale, watch.patience.late)
                            value=value("late", patience.late_after)
                            hint=say!(locale, watch.patience.late_hint)
                        />
                        <TextField
                            name="due"
                            form=form.clone()
                            label=say!(locale, watch.patience.due)
                            value=value("due", patience.due_after)
                            hint=say!(locale, watch.patience.due_hint)
                        />
                    </div>
                    <FormEnd form=form saved=query.get("saved") == "patience" />
                </form>
            </div>
        </section>
    }
}
