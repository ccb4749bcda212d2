package charter

// Codes is how many codes there are.
var Codes = len(faultTexts)
