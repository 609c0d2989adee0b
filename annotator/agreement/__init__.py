"""Agreement between annotators: pure functions of annotation sets (numpy allowed). Coefficients come here."""
