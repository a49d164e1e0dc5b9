import Clustering
import Testing
