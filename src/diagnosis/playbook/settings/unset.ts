/** Words with which programs say that something was not given to them. */
export const UNSET =
  /required|missing|not set|unset|undefined|must be (?:set|provided|given)|not (?:defined|provided|configured)|empty|KeyError|no value|key not found|NotPresent|not been initiali[sz]ed|unbound variable|mandatory|\bto be set\b|\b(?:needed|needs)\b|could not resolve placeholder|\b(?:please|must) (?:set|specify|provide)\b|\bset the \S{1,100} env|\benv(?:ironment)?[ _-]?var(?:iable)?s?:? ["'`]?\S{1,100} not found|\benv(?:ironment)?[ _-]?var(?:iable)? not found/i;
