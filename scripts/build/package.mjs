export async function buildPackage() { return []; }
