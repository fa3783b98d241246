//! What programs ask of `org.bluez`, and what it answers.

use std::collections::HashMap;

use uuid::Uuid;
use zbus::message::Header;
use zbus::{DynamicType, Message, OwnedVariant};

use super::objects::{ADAPTER, ADAPTER_FACE, CHARACTERISTIC_FACE, DEVICE_FACE, Object, Properties};
use crate::air::{Air, Power};
use crate::gatt::{Refusal, Value};

/// What can be said against a call: an error's name, and a word.
struct Against(&'static str, &'static str);

const ACCESS_DENIED: Against = Against("org.freedesktop.DBus.Error.AccessDenied", "Rejected send message");
const UNKNOWN_OBJECT: Against = Against("org.freedesktop.DBus.Error.UnknownObject", "No such object");
const UNKNOWN_METHOD: Against = Against("org.freedesktop.DBus.Error.UnknownMethod", "No such method");
const INVALID: Against = Against("org.freedesktop.DBus.Error.InvalidArgs", "Invalid arguments");
const BLOCKED: Against = Against("org.bluez.Error.Blocked", "Blocked through rfkill");
const NOT_READY: Against = Against("org.bluez.Error.NotReady", "Resource Not Ready");
const IN_PROGRESS: Against = Against("org.bluez.Error.InProgress", "Operation already in progress");
const NO_DISCOVERY: Against = Against("org.bluez.Error.Failed", "No discovery started");
const NO_CONNECTION: Against = Against("org.bluez.Error.Failed", "le-connection-abort-by-local");
const NOT_CONNECTED: Against = Against("org.bluez.Error.Failed", "Not connected");
const NOT_SUPPORTED: Against = Against("org.bluez.Error.NotSupported", "Operation is not supported");

impl From<Refusal> for Against {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotPermitted => Self("org.bluez.Error.NotPermitted", "Not permitted"),
            Refusal::NotSupported => NOT_SUPPORTED,
            Refusal::InvalidLength => Self("org.bluez.Error.InvalidValueLength", "Invalid Length"),
        }
    }
}

/// A call, as it stands in its header.
struct Call<'m> {
    message: &'m Message,
    header: Header<'m>,
    face: String,
    member: String,
    from: String,
}

impl Call<'_> {
    fn body<B: for<'d> serde::Deserialize<'d> + zbus::Type>(&self) -> Result<B, Against> {
        self.message.body().deserialize().map_err(|_| INVALID)
    }
}

impl Air {
    /// Answers a call, sooner or later or never.
    pub(crate) fn answer(&mut self, message: &Message) {
        let header = message.header();
        let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
        let call = Call {
            message,
            face: text(header.interface().map(|face| face.as_str())),
            member: text(header.member().map(|member| member.as_str())),
            from: text(header.sender().map(|sender| sender.as_str())),
            header: header.clone(),
        };
        let at = text(header.path().map(|path| path.as_str()));
        if let Err(Against(name, word)) = self.called(&call, &at) {
            self.send(Message::error(&header, name).build(&word));
        }
    }

    fn called(&mut self, call: &Call<'_>, at: &str) -> Result<(), Against> {
        if !self.permitted {
            return Err(ACCESS_DENIED);
        }
        let found = self.objects().into_iter().find(|(path, _)| path == at);
        let (_, object) = found.ok_or(UNKNOWN_OBJECT)?;
        match (call.face.as_str(), object) {
            ("org.freedesktop.DBus.ObjectManager", Object::Root) => self.reply(call, &self.managed()),
            ("org.freedesktop.DBus.Introspectable", _) => self.reply(call, &self.introspect(at, object)),
            ("org.freedesktop.DBus.Peer", _) => self.reply(call, &()),
            ("org.freedesktop.DBus.Properties", _) => return self.called_for_properties(call, object),
            (ADAPTER_FACE, Object::Adapter) => return self.called_adapter(call),
            (DEVICE_FACE, Object::Device(band)) => return self.called_device(call, band),
            (CHARACTERISTIC_FACE, Object::Characteristic(band, service, characteristic)) => {
                let of = self.bands[band].services()[service].characteristics[characteristic].clone();
                return self.called_characteristic(call, band, of.uuid, of.flags);
            }
            _ => return Err(UNKNOWN_METHOD),
        }
        Ok(())
    }

    fn reply<B: serde::Serialize + DynamicType>(&self, call: &Call<'_>, body: &B) {
        self.send(Message::method_return(&call.header).build(body));
    }

    fn managed(&self) -> HashMap<zbus::OwnedObjectPath, HashMap<&'static str, Properties>> {
        let objects = self.objects().into_iter();
        let all = objects.filter_map(|(path, object)| {
            let path = zbus::ObjectPath::try_from(path).expect("a path of ours").into();
            Some((path, HashMap::from([self.properties(object)?])))
        });
        all.collect()
    }

    fn called_for_properties(&mut self, call: &Call<'_>, object: Object) -> Result<(), Against> {
        let (_, properties) = self.properties(object).ok_or(UNKNOWN_METHOD)?;
        match call.member.as_str() {
            "GetAll" => self.reply(call, &properties),
            "Get" => {
                let (_, name): (String, String) = call.body()?;
                self.reply(call, properties.get(name.as_str()).ok_or(INVALID)?);
            }
            "Set" => {
                let (_, name, value): (String, String, OwnedVariant) = call.body()?;
                let ("Powered", Object::Adapter) = (name.as_str(), object) else {
                    return Err(INVALID);
                };
                if self.power == Power::Blocked {
                    return Err(BLOCKED);
                }
                let on = bool::try_from(value).map_err(|_| INVALID)?;
                self.set_power(if on { Power::On } else { Power::Off });
                self.reply(call, &());
            }
            _ => return Err(UNKNOWN_METHOD),
        }
        Ok(())
    }

    fn called_adapter(&mut self, call: &Call<'_>) -> Result<(), Against> {
        match call.member.as_str() {
            "SetDiscoveryFilter" => {
                let filter: HashMap<String, OwnedVariant> = call.body()?;
                let wanted = filter
                    .get("UUIDs")
                    .map(|list| Vec::<String>::try_from(list.try_clone()?));
                let wanted = wanted.transpose().map_err(|_| INVALID)?.unwrap_or_default();
                let parsed: Result<_, _> = wanted.iter().map(|uuid| Uuid::parse_str(uuid)).collect();
                self.sought = parsed.map_err(|_| INVALID)?;
            }
            "StartDiscovery" => {
                if self.power != Power::On {
                    return Err(NOT_READY);
                }
                if !self.seekers.insert(call.from.clone()) {
                    return Err(IN_PROGRESS);
                }
                self.reply(call, &());
                self.tell_changed(
                    ADAPTER,
                    ADAPTER_FACE,
                    &Properties::from([("Discovering", true.into())]),
                );
                self.advertise();
                return Ok(());
            }
            "StopDiscovery" => {
                if !self.seekers.remove(&call.from) {
                    return Err(NO_DISCOVERY);
                }
                let still = !self.seekers.is_empty();
                self.tell_changed(
                    ADAPTER,
                    ADAPTER_FACE,
                    &Properties::from([("Discovering", still.into())]),
                );
            }
            _ => return Err(UNKNOWN_METHOD),
        }
        self.reply(call, &());
        Ok(())
    }

    fn called_device(&mut self, call: &Call<'_>, band: usize) -> Result<(), Against> {
        match call.member.as_str() {
            "Connect" | "Pair" => {
                if self.power != Power::On {
                    return Err(NOT_READY);
                }
                if !self.bands[band].near {
                    return Err(NO_CONNECTION);
                }
                if !self.bands[band].connected {
                    self.bands[band].connect();
                    self.tell_connected(band);
                }
            }
            "Disconnect" => self.break_link(band),
            "CancelPairing" => {}
            _ => return Err(UNKNOWN_METHOD),
        }
        self.reply(call, &());
        Ok(())
    }

    fn called_characteristic(
        &mut self,
        call: &Call<'_>,
        index: usize,
        of: Uuid,
        flags: &[&str],
    ) -> Result<(), Against> {
        let band = &mut self.bands[index];
        if !band.connected {
            return Err(NOT_CONNECTED);
        }
        if band.trouble.silent {
            return Ok(());
        }
        let has = |flag: &str| {
            if flags.contains(&flag) {
                Ok(())
            } else {
                Err(NOT_SUPPORTED)
            }
        };
        match call.member.as_str() {
            "ReadValue" => {
                has("read")?;
                let bytes = band.read(of)?;
                // A read shows as a notification as well.
                self.tell_value(index, of, bytes.clone());
                self.reply(call, &bytes);
                return Ok(());
            }
            "WriteValue" => {
                let (bytes, options): (Vec<u8>, HashMap<String, OwnedVariant>) = call.body()?;
                let kind = options.get("type").and_then(|kind| <&str>::try_from(kind).ok());
                match kind {
                    Some("command") => has("write-without-response")?,
                    Some("request") => has("write")?,
                    _ => has("write").or_else(|_| has("write-without-response"))?,
                }
                band.write(&Value { of, bytes })?;
            }
            "StartNotify" => {
                has("notify").or_else(|_| has("indicate"))?;
                band.notify(of, true);
            }
            "StopNotify" => band.notify(of, false),
            _ => return Err(UNKNOWN_METHOD),
        }
        self.reply(call, &());
        Ok(())
    }
}
