package graphql

// Texts, times, numbers and flags that records may have.

// Image returns the IRI of an image.
func (x record) Image() *string { return x.text("image") }

// ImageList returns the IRIs of images.
func (x record) ImageList() []string { return x.texts("imageList") }

// ClassifiedAs returns the classifications.
func (x record) ClassifiedAs() []string { return x.texts("classifiedAs") }

// ResourceClassifiedAs returns the classifications of the resource.
func (x record) ResourceClassifiedAs() []string { return x.texts("resourceClassifiedAs") }

// ProcessClassifiedAs returns the classifications of the process.
func (x record) ProcessClassifiedAs() []string { return x.texts("processClassifiedAs") }

// HasBeginning returns when it begins.
func (x record) HasBeginning() *string { return x.text("hasBeginning") }

// HasEnd returns when it ends.
func (x record) HasEnd() *string { return x.text("hasEnd") }

// HasPointInTime returns when it happens.
func (x record) HasPointInTime() *string { return x.text("hasPointInTime") }

// Due returns when it should be done.
func (x record) Due() *string { return x.text("due") }

// Created returns when it was made: what it says, or when it was written.
func (x record) Created() *string {
	if said := x.text("created"); said != nil {
		return said
	}
	return timeText(x.r.Entry.Time)
}

// Finished returns whether nothing more is to come.
func (x record) Finished() *bool {
	if said := x.flag("finished"); said != nil {
		return said
	}
	return new(bool)
}

// Substitutable returns whether one resource stands for another.
func (x record) Substitutable() *bool { return x.flag("substitutable") }

// MediumOfExchange returns whether it is used to pay.
func (x record) MediumOfExchange() *bool { return x.flag("mediumOfExchange") }

// UnitBased returns whether quantities are per unit.
func (x record) UnitBased() *bool { return x.flag("unitBased") }

// Purpose returns offer or request.
func (x record) Purpose() *string { return x.text("purpose") }

// AgreedIn returns the IRI of an agreement outside.
func (x record) AgreedIn() *string { return x.text("agreedIn") }

// State returns the state of the resource that is meant.
func (x record) State() *string { return x.text("state") }

// Instructions returns what to do.
func (x record) Instructions() *string { return x.text("instructions") }

// ProviderRole returns the role of who gives.
func (x record) ProviderRole() *string { return x.text("providerRole") }

// ReceiverRole returns the role of who gets.
func (x record) ReceiverRole() *string { return x.text("receiverRole") }

// MappableAddress returns the address of a place.
func (x record) MappableAddress() *string { return x.text("mappableAddress") }

// Lat returns the latitude.
func (x record) Lat() *string { return x.number("lat") }

// Long returns the longitude.
func (x record) Long() *string { return x.number("long") }

// Alt returns the altitude.
func (x record) Alt() *string { return x.number("alt") }

// number returns a number that a record has as text.
func (x record) number(property string) *string {
	switch v := x.r.Fields[property].(type) {
	case string:
		if n, err := plainDecimal(v); err == nil {
			return &n
		}
	case int64:
		n, _ := UnmarshalDecimal(v)
		return &n
	}
	if q, ok := quantityIn(x.r.Fields[property]); ok {
		n := q.Amount().String()
		return &n
	}
	return nil
}

// BatchNumber returns the number of a lot.
func (x record) BatchNumber() string {
	return orElse(x.text("batchLotCode"), x.r.Name)
}

// ExpiryDate returns when a lot expires.
func (x record) ExpiryDate() *string { return x.text("expirationDate") }

// ProductionDate returns when a lot was made.
func (x record) ProductionDate() *string { return x.text("productionDate") }

// RoleLabel returns the name of a relationship, from subject to object.
func (x record) RoleLabel() string {
	return orElse(x.text("roleLabel"), orElse(x.text("label"), x.r.Name))
}

// InverseRoleLabel returns the name of a relationship, from object to subject.
func (x record) InverseRoleLabel() *string {
	return some(orElse(x.text("inverseRoleLabel"), orEmpty(x.text("inverseLabel"))))
}

// ResourceQuantity returns how much of a resource.
func (x record) ResourceQuantity() *Measure { return x.measure("resourceQuantity") }

// EffortQuantity returns how much effort.
func (x record) EffortQuantity() *Measure { return x.measure("effortQuantity") }

// AvailableQuantity returns how much there is in all.
func (x record) AvailableQuantity() *Measure { return x.measure("availableQuantity") }

// MinimumQuantity returns the least that is meant.
func (x record) MinimumQuantity() *Measure { return x.measure("minimumQuantity") }

// HasDuration returns how long it takes.
func (x record) HasDuration() *Duration {
	q, ok := quantityIn(x.r.Fields["hasDuration"])
	if !ok {
		return nil
	}
	for name, unit := range timeUnits {
		if unit == q.Unit {
			return &Duration{NumericDuration: q.Amount().String(), UnitType: name}
		}
	}
	return nil
}

// timeUnits leads from the names of the schema to OM2. It is never changed.
var timeUnits = map[string]string{
	"year": "year", "month": "month", "week": "week", "day": "day",
	"hour": "hour", "minute": "minute-Time", "second": "second-Time",
}

// DefaultUnitOfResource returns the unit in which it is counted.
func (x record) DefaultUnitOfResource() (*Unit, error) { return x.unit("defaultUnitOfResource") }

// DefaultUnitOfEffort returns the unit in which effort on it is counted.
func (x record) DefaultUnitOfEffort() (*Unit, error) { return x.unit("defaultUnitOfEffort") }

func (x record) unit(property string) (*Unit, error) {
	if text := x.text(property); text != nil {
		return x.s.unit(*text)
	}
	return nil, nil
}

// Action returns the action that is meant.
func (x record) Action() *Action {
	if text := x.text("action"); text != nil {
		return actionOf(*text)
	}
	return nil
}
