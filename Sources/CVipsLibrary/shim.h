// Carries libvips' flags from pkg-config to CVips; nothing imports it from Swift.
