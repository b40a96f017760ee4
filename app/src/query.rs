//! The query of an address.

use reelroom_domain::saved_view::ListView;
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error as _, Visitor,
        value::{self, MapDeserializer},
    },
    forward_to_deserialize_any,
};

/// The parameters of a query, decoded once.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses the query of `uri`.
    pub fn of(uri: &http::Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default())
    }

    /// Parses a query without its `?`.
    pub fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// Its parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of the first parameter of that name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The form whose fields, all of them texts, are the parameters of their names; empty where there is none.
    pub fn form<T: DeserializeOwned + Default>(&self) -> T {
        T::deserialize(self).unwrap_or_default()
    }

    /// The parameters of a list that do not narrow it: its view and its page. The address of a recording carries
    /// them, for the way back.
    pub fn place(&self) -> [(&'static str, &str); 3] {
        let (view, _) = ListView::GRID;
        [view, "after", "before"].map(|name| (name, self.get(name)))
    }
}

/// Reads a form, for [`Query::form`].
impl<'de> Deserializer<'de> for &'de Query {
    type Error = value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let fields = fields.iter().map(move |name| (*name, self.get(name)));
        visitor.visit_map(MapDeserializer::new(fields))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(value::Error::custom("not a form"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        case::CaseForm, growth::KeepingForm, keep::KeepForm, retention::RuleForm,
        sign_in::SignInForm,
    };

    use super::*;
    use crate::paths::with_query;

    /// The form that comes back from the address with these fields.
    fn back<T: DeserializeOwned + Default>(fields: &[(&str, &str)]) -> T {
        Query::of(&with_query("/x?x=1", fields).parse().unwrap()).form()
    }

    #[test]
    fn what_was_typed_comes_back_from_the_address() {
        let rule = RuleForm {
            name: "a & b".to_owned(),
            rooms: "客服*".to_owned(),
            days: "x".to_owned(),
            ..RuleForm::fresh()
        };
        assert_eq!(back::<RuleForm>(&rule.fields()), rule);
        let rules = SignInForm {
            idle_hours: "an hour & more".to_owned(),
            admins_need_second_factor: "yes".to_owned(),
            break_glass: "客服".to_owned(),
            ..SignInForm::default()
        };
        assert_eq!(back::<SignInForm>(&rules.fields()), rules);
        let keeping = KeepingForm {
            seen: "a year & more".to_owned(),
            call_bodies: "7".to_owned(),
            ..KeepingForm::default()
        };
        assert_eq!(back::<KeepingForm>(&keeping.fields()), keeping);
        let keep = KeepForm {
            trash_days: "0".to_owned(),
            second_for_release: "yes".to_owned(),
            ..KeepForm::default()
        };
        assert_eq!(back::<KeepForm>(&keep.fields()), keep);
        let case = CaseForm {
            number: "2026-31".to_owned(),
            reason: "函".to_owned(),
            ..CaseForm::default()
        };
        assert_eq!(back::<CaseForm>(&case.fields()), case);
        assert_eq!(back::<CaseForm>(&[]), CaseForm::default());
    }

    #[test]
    fn a_member_is_decoded_once() {
        let query = |text: &str| Query::of(&format!("/x?{text}").parse().unwrap());
        assert_eq!(query("a=%2541+b&a=2").get("a"), "%41 b");
        assert_eq!(query("a").get("a"), "");
        assert_eq!(query("%ff=1").get("b"), "");
    }

    #[test]
    fn the_place_in_a_list_does_not_narrow_it() {
        let query = Query::parse("q=a&view=grid&after=12&sort=room");
        let place = [("view", "grid"), ("after", "12"), ("before", "")];
        assert_eq!(query.place(), place);
    }
}
