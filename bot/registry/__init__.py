"""Records of ClinicalTrials.gov: read, made into draft trial files, compared with what stands."""
