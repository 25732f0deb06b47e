export const GREETING = "first modules";
