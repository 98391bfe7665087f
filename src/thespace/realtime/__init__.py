"""Live connections: the only package that knows Socket.IO."""
