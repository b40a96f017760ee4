use leptos::prelude::*;
use reelroom_domain::{app::ConnectionTest, ids::AppId};

use super::{apps::Deeds, connection::TestResult};
use crate::{
    i18n::use_i18n,
    server_fns::TestApp,
    whole::components::{Glyph, Icon},
};

/// What is to be said of an app: that it was saved, what its last test said. Of a save and a test the
/// later one counts: what was saved says nothing of what was tested after it.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// Whether it was saved, and nothing was tested since.
    pub saved: Memo<bool>,
    /// The test that holds for what stands in the form.
    pub tested: Memo<Option<ConnectionTest>>,
}

impl Said {
    /// Of the app `id`. `was_saved` and `before` hold until something is done on this page.
    pub fn new(
        id: Option<AppId>,
        deeds: Deeds,
        test: ServerAction<TestApp>,
        was_saved: bool,
        before: Signal<Option<ConnectionTest>>,
    ) -> Self {
        let saved_as = move || deeds.save.value().get().map(Result::ok);
        // All apps share the action that saves, so its versions tell nothing of this one.
        let tests_until_saved = Memo::new(move |last: Option<&usize>| {
            let this = id.is_some() && saved_as() == Some(id);
            let last = last.copied().unwrap_or_default();
            if this {
                test.version().get_untracked()
            } else {
                last
            }
        });
        let tested_since = move || test.version().get() > tests_until_saved.get();
        Self {
            saved: Memo::new(move |_| {
                let saved = saved_as().map_or(was_saved, |saved| id.is_some() && saved == id);
                !tested_since() && saved
            }),
            tested: Memo::new(move |_| {
                let new = test.value().get().and_then(Result::ok);
                new.filter(|_| tested_since()).or_else(|| before.get())
            }),
        }
    }
}

/// Says it.
#[component]
pub fn Saying(
    /// What.
    said: Said,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="said" role="status">
            {move || {
                said.saved
                    .get()
                    .then(|| {
                        view! {
                            <p class="lint" data-level="ok">
                                <Icon glyph=Glyph::Check />
                                <span>{told!(i18n, settings.saved)}</span>
                            </p>
                        }
                    })
            }}
            {move || said.tested.get().map(|test| view! { <TestResult test=test /> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::app::ListTested;

    use super::*;
    use crate::whole::action::action;

    fn answered(host: &str) -> ConnectionTest {
        ConnectionTest {
            at: reelroom_domain::time::Timestamp::from_millis(0),
            host: host.to_owned(),
            millis: 1,
            list: ListTested::No,
            failed: None,
        }
    }

    #[test]
    fn of_a_save_and_a_test_the_later_one_counts() {
        let owner = Owner::new();
        owner.set();
        let [id, other] = ["a", "b"].map(|n| n.repeat(32).parse::<AppId>().ok());
        let (deeds, test) = (Deeds::new(), action::<TestApp>());
        let before = RwSignal::new(None);
        let said = Said::new(id, deeds, test, true, before.into());
        let says = || {
            let tested = said.tested.get_untracked();
            let host = tested.map(|test| test.host);
            (said.saved.get_untracked(), host)
        };
        let save = |id: Option<AppId>| deeds.save.value().set(id.map(Ok));
        let ask = |host| {
            test.version().update(|version| *version += 1);
            test.value().set(Some(Ok(answered(host))));
        };
        let tested = |host: &str| (false, Some(host.to_owned()));

        // As a page without JavaScript comes back.
        assert_eq!(says(), (true, None));
        ask("typed");
        assert_eq!(says(), tested("typed"));
        save(other);
        assert_eq!(says(), tested("typed"), "another app was saved");
        save(id);
        assert_eq!(
            says(),
            (true, None),
            "what was tested may not be what was saved"
        );
        before.set(Some(answered("kept")));
        assert_eq!(says(), (true, Some("kept".to_owned())));
        ask("typed again");
        assert_eq!(says(), tested("typed again"));
        save(id);
        assert_eq!(says(), (true, Some("kept".to_owned())));
    }
}
